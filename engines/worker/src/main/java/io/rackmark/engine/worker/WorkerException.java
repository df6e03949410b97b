package io.rackmark.engine.worker;

import io.rackmark.engine.EngineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A worker or its engine failed. After every kind but {@code ENGINE} the worker is gone. */
public final class WorkerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public enum Kind {
        /** The process died. */
        CRASH,
        /** No progress in the time allowed; the process was killed. */
        HANG,
        /** The Java heap, or memory outside it, was used up. */
        OUT_OF_MEMORY,
        /** The process sent what is not in the protocol; it was killed. */
        PROTOCOL,
        /** The engine refused; the worker can go on. */
        ENGINE,
        /** The process did not get as far as its first frame. */
        START,
        /** The calling thread was interrupted; the process was killed. */
        INTERRUPTED
    }

    private final Kind kind;
    private final EngineException.@Nullable Kind engineKind;
    private final @Nullable Integer exitCode;
    private final @Nullable String signal;
    private final transient List<String> lastLogLines;

    private WorkerException(
            Kind kind,
            String message,
            EngineException.@Nullable Kind engineKind,
            @Nullable ExitStatus exit,
            List<String> lastLogLines) {
        super(message);
        this.kind = kind;
        this.engineKind = engineKind;
        this.exitCode = exit == null ? null : exit.code();
        this.signal = exit == null ? null : exit.signal();
        this.lastLogLines = List.copyOf(lastLogLines);
    }

    static WorkerException lost(
            Kind kind, String message, @Nullable ExitStatus exit, List<String> lastLogLines) {
        return new WorkerException(kind, message, null, exit, lastLogLines);
    }

    static WorkerException refused(
            EngineException.Kind engineKind, String message, List<String> lastLogLines) {
        return new WorkerException(Kind.ENGINE, message, engineKind, null, lastLogLines);
    }

    public Kind kind() {
        return kind;
    }

    /** What the engine reported; null unless the kind is {@code ENGINE}. */
    public EngineException.@Nullable Kind engineKind() {
        return engineKind;
    }

    /** Exit status of the process, 128 + n when signal n ended it; null when it did not end. */
    public @Nullable Integer exitCode() {
        return exitCode;
    }

    /** Name of the signal that ended the process, such as {@code SIGSEGV}; null when none did. */
    public @Nullable String signal() {
        return signal;
    }

    /** The end of what the process wrote, oldest first, at most 20 lines, no control characters. */
    public List<String> lastLogLines() {
        return lastLogLines;
    }
}
