package io.rackmark.engine.llamacpp;

import io.rackmark.engine.Availability;
import io.rackmark.engine.EngineException;

/** No native library can be used; becomes {@code Unavailable} or an {@link EngineException}. */
final class UnusableLibraryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    static final String BUILD_REMEDY =
            "build a supported tag with tools/llama-native/build.sh and name its directory in"
                    + " --llama-lib";

    private final String reason;
    private final String remedy;

    UnusableLibraryException(String reason, String remedy) {
        super(reason + "; " + remedy);
        this.reason = reason;
        this.remedy = remedy;
    }

    Availability.Unavailable unavailable() {
        return new Availability.Unavailable(reason, remedy);
    }

    EngineException asEngineException() {
        return new EngineException(
                EngineException.Kind.UNAVAILABLE,
                "llama.cpp cannot run here: " + reason + "; " + remedy,
                this);
    }
}
