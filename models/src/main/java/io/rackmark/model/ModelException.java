package io.rackmark.model;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Everything that goes wrong with a model on disk, by kind so that failures can be counted. */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public enum Kind {
        /** No such model, directory or file. */
        NOT_FOUND,
        /** A sound model of a kind that is not handled. */
        UNSUPPORTED,
        /** A file contradicts its format or its neighbours. */
        DAMAGED,
        /** A hub refuses access: its licence was not accepted, or the token is missing or wrong. */
        DENIED,
        /** Hub unreachable, disk full, directory not writable, input/output error. */
        ENVIRONMENT
    }

    private final Kind kind;

    public ModelException(Kind kind, String message) {
        this(kind, message, null);
    }

    public ModelException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /**
     * A file that contradicts its format.
     *
     * @param offset in bytes from the start of the file
     */
    public static ModelException damaged(Path file, long offset, String expected, String found) {
        return new ModelException(
                Kind.DAMAGED,
                "%s is damaged at byte %d: expected %s, found %s"
                        .formatted(file, offset, expected, found));
    }

    public Kind kind() {
        return kind;
    }
}
