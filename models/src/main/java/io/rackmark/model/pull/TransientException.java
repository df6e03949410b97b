package io.rackmark.model.pull;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server says: not now. */
final class TransientException extends IOException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Duration wait;

    /**
     * @param wait that the server asked for
     */
    TransientException(String message, Optional<Duration> wait) {
        super(message);
        this.wait = wait.orElse(null);
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(wait);
    }
}
