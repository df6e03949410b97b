package io.rackmark.engine.remote.arrival;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What arrived on one connection and was not read yet, each piece with its time. One thread puts
 * and never waits here, so that a reader who is off the processor holds nobody up.
 */
final class Inbox {

    /** Bytes that came from the system together. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Piece(byte[] bytes, long nanos) {}

    private final Queue<Piece> pieces = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Signal arrived = new Signal();
    private volatile @Nullable IOException fault;
    private volatile boolean over; // nothing is put after it
    private volatile boolean shut;
    private volatile boolean closed;

    private final ReentrantLock reading = new ReentrantLock(); // guards what follows
    private @Nullable Piece current;
    private int taken;
    private boolean ended;

    /** Takes over the array. */
    void put(byte[] bytes, long nanos) {
        size.addAndGet(bytes.length);
        pieces.add(new Piece(bytes, nanos));
    }

    /** No more comes. */
    void end(@Nullable IOException why) {
        fault = why;
        over = true;
    }

    /** Readers find the end of the stream from now on. */
    void shut() {
        shut = true;
        wake();
    }

    /** Readers fail from now on. */
    void close() {
        closed = true;
        wake();
    }

    /** Has the reader look at what was put. */
    void wake() {
        arrived.wake();
    }

    /** Bytes not read yet. */
    int size() {
        return size.get();
    }

    /**
     * Waits for bytes and reads such as arrived together, whose time is then this thread's {@link
     * Arrival}.
     *
     * @param millis longest wait; 0: any
     * @return how many; -1 at the end of the stream
     */
    int read(byte[] into, int offset, int most, int millis) throws IOException {
        reading.lock();
        try {
            if (ended) {
                return -1; // even when closed meanwhile, as other sockets do
            }
            if (!arrived.await(this::readable, TimeUnit.MILLISECONDS.toNanos(millis))) {
                throw new SocketTimeoutException("Read timed out");
            }
            if (closed) {
                throw new SocketException("Socket closed");
            }
            @Nullable Piece piece = shut ? null : next();
            if (piece != null) {
                return take(piece, into, offset, most);
            }
            @Nullable IOException why = fault;
            if (why != null && !shut) {
                throw new SocketException(why.getMessage(), why);
            }
            ended = true;
            return -1;
        } finally {
            reading.unlock();
        }
    }

    private boolean readable() {
        return current != null || !pieces.isEmpty() || over || shut || closed;
    }

    private @Nullable Piece next() {
        if (current == null) {
            current = pieces.poll();
            taken = 0;
        }
        return current;
    }

    private int take(Piece piece, byte[] into, int offset, int most) {
        int count = Math.min(most, piece.bytes().length - taken);
        System.arraycopy(piece.bytes(), taken, into, offset, count);
        taken += count;
        if (taken == piece.bytes().length) {
            current = null;
        }
        size.addAndGet(-count);
        Arrival.note(piece.nanos());
        return count;
    }
}
