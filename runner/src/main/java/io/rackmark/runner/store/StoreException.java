package io.rackmark.runner.store;

import org.jspecify.annotations.Nullable;

/** A result store that cannot be used as asked: which file, what is wrong, how to fix it. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
