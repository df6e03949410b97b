package io.rackmark.engine;

import org.jspecify.annotations.Nullable;

/** Everything that goes wrong in an engine, by kind so that failures can be counted. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public enum Kind {
        /** The engine cannot run here. */
        UNAVAILABLE,
        BAD_OPTION,
        /** The model file is missing, damaged or of a kind the engine does not run. */
        BAD_MODEL,
        BAD_REQUEST,
        /** The prompt, or the prompt and one token, exceed the context. */
        CONTEXT_OVERFLOW,
        OUT_OF_MEMORY,
        /** The engine failed in a way that is no fault of the input. */
        INTERNAL
    }

    private final Kind kind;

    public EngineException(Kind kind, String message) {
        this(kind, message, null);
    }

    public EngineException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
