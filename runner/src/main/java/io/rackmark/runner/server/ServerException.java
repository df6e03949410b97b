package io.rackmark.runner.server;

import java.util.List;

/** A managed server cannot be started, or was lost. */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public enum Kind {
        /** This machine lacks the program, or what it takes to supervise one. */
        UNAVAILABLE,
        /** Something else listens on the port. */
        PORT_IN_USE,
        /** The process ended. */
        EXITED,
        /** Not usable in the time allowed; it was stopped. */
        NOT_READY,
        /** The server is there but refused what makes it usable, such as loading its model. */
        REFUSED,
        /** The calling thread was interrupted; the server was stopped. */
        INTERRUPTED
    }

    private final Kind kind;
    private final transient List<String> lastLogLines;

    ServerException(Kind kind, String message, List<String> lastLogLines) {
        super(message);
        this.kind = kind;
        this.lastLogLines = List.copyOf(lastLogLines);
    }

    public Kind kind() {
        return kind;
    }

    /** The end of what the server wrote, oldest first, no control characters, no secrets. */
    public List<String> lastLogLines() {
        return lastLogLines;
    }
}
