package io.rackmark.engine.remote.arrival;

import org.jspecify.annotations.Nullable;

/**
 * When the bytes that a thread read last from one of the {@link ArrivalSockets} had reached this
 * process. It belongs to the thread and not to a socket, so it holds through whatever lies between:
 * buffers hand out what they have before they read on, and decrypting happens in the reading
 * thread.
 */
public final class Arrival {
    private static final ThreadLocal<@Nullable Long> LAST = new ThreadLocal<>();

    private Arrival() {}

    static void note(long nanos) {
        LAST.set(nanos);
    }

    /** What this thread has read so far counts no more. */
    public static void forget() {
        LAST.remove();
    }

    /**
     * {@link System#nanoTime()} right after the bytes that this thread read last came from the
     * system; the time of this call when they came through another kind of socket.
     */
    public static long nanos() {
        @Nullable Long last = LAST.get();
        return last == null ? System.nanoTime() : last;
    }
}
