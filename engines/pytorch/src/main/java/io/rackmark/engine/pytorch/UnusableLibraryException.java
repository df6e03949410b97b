package io.rackmark.engine.pytorch;

import io.rackmark.engine.Availability;
import io.rackmark.engine.EngineException;
import org.jspecify.annotations.Nullable;

/** libtorch cannot be used; becomes {@code Unavailable} or an {@link EngineException}. */
final class UnusableLibraryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String remedy;

    UnusableLibraryException(String reason, String remedy, @Nullable Throwable cause) {
        super(reason + "; " + remedy, cause);
        this.reason = reason;
        this.remedy = remedy;
    }

    Availability.Unavailable unavailable() {
        return new Availability.Unavailable(reason, remedy);
    }

    EngineException asEngineException() {
        return new EngineException(
                EngineException.Kind.UNAVAILABLE,
                "PyTorch cannot run here: " + reason + "; " + remedy,
                this);
    }
}
