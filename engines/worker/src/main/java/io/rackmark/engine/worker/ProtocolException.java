package io.rackmark.engine.worker;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The other end sent what is not in the protocol. */
class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
        this(message, null);
    }

    ProtocolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The stream ended inside a frame, which is also what a crash looks like. */
    static final class Truncated extends ProtocolException {
        private static final long serialVersionUID = 1L;

        Truncated(String message) {
            super(message);
        }
    }
}
