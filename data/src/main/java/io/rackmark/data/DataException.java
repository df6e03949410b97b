package io.rackmark.data;

import java.util.List;

/** A database or question file that cannot be used; the message says what, where and what to do. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of fault it is, so that failures can be counted. */
    public enum Kind {
        /** No such file, or a directory where a file was expected. */
        NOT_FOUND,
        /** The file is not of the expected format, or is damaged. */
        UNREADABLE,
        /** Another process holds the database. */
        LOCKED,
        /** The file is readable but its content breaks the rules. */
        INVALID,
        /** The sample database could not be written. */
        NOT_WRITTEN
    }

    private final Kind kind;
    private final String[] faults;

    /** One fault. */
    public DataException(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.faults = new String[] {message};
    }

    /** One fault with its cause. */
    public DataException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.faults = new String[] {message};
    }

    /** All faults found in one file; the message has one per line. */
    public DataException(Kind kind, List<String> faults) {
        super(String.join(System.lineSeparator(), faults));
        this.kind = kind;
        this.faults = faults.toArray(String[]::new);
    }

    /** The kind of fault. */
    public Kind kind() {
        return kind;
    }

    /** Every fault found, one sentence each. */
    public List<String> faults() {
        return List.of(faults);
    }
}
