package io.rackmark.runner.energy.nvml;

import org.jspecify.annotations.Nullable;

/** The management library cannot be used: why, in a clause. */
public final class NvmlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NvmlException(String message) {
        this(message, null);
    }

    NvmlException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
