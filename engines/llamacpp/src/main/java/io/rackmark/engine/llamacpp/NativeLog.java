package io.rackmark.engine.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What the library logs: the last lines are kept, and all are forwarded to the {@link
 * System.Logger} {@code io.rackmark.native} at level DEBUG. Called on whatever thread logs.
 */
final class NativeLog {
    private static final int KEPT_LINES = 400;
    private static final int MAX_LINE = 2000;
    private static final System.Logger LOGGER = System.getLogger("io.rackmark.native");

    /** {@code enum ggml_log_level}. */
    private static final int CONTINUATION = 5;

    private static final int ERROR = 4;

    /**
     * @param number counts all lines since the library was loaded
     */
    record Line(long number, int level, String text) {
        boolean isError() {
            return level == ERROR;
        }
    }

    private final Deque<Line> lines = new ArrayDeque<>();
    private final StringBuilder pending = new StringBuilder();
    private int pendingLevel;
    private long count;

    /** A {@code ggml_log_callback} that lives as long as the process, as the library does. */
    MemorySegment callback() {
        try {
            MethodHandle target =
                    MethodHandles.lookup()
                            .bind(
                                    this,
                                    "receive",
                                    MethodType.methodType(
                                            void.class,
                                            int.class,
                                            MemorySegment.class,
                                            MemorySegment.class));
            return Linker.nativeLinker()
                    .upcallStub(
                            target,
                            FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS),
                            Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("NativeLog.receive", e);
        }
    }

    /** Number of the next line, to ask for those since. */
    synchronized long position() {
        return count;
    }

    synchronized List<Line> since(long position) {
        return lines.stream().filter(line -> line.number() >= position).toList();
    }

    // An exception that leaves an upcall ends the process.
    @SuppressWarnings({"unused", "CatchAndPrintStackTrace"})
    private void receive(int level, MemorySegment text, MemorySegment userData) {
        try {
            append(level, NativeFunction.text(text));
        } catch (Throwable e) {
            return;
        }
    }

    synchronized void append(int level, String text) {
        if (level != CONTINUATION) {
            pendingLevel = level;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                finishLine();
            } else if (pending.length() < MAX_LINE) {
                pending.append(c);
            }
        }
    }

    private void finishLine() {
        String text = pending.toString();
        pending.setLength(0);
        if (lines.size() == KEPT_LINES) {
            lines.removeFirst();
        }
        lines.addLast(new Line(count++, pendingLevel, text));
        LOGGER.log(System.Logger.Level.DEBUG, text);
    }
}
