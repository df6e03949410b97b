package io.rackmark.runner.agent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a {@link ChatModel} gave no answer, by kind so that failures can be counted. */
public final class ChatFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What the agent does next depends on nothing else. */
    public enum Kind {
        /** HTTP 429; waiting helps. */
        RATE_LIMITED,
        /** HTTP 503; waiting helps. */
        UNAVAILABLE_TEMPORARILY,
        /** Waiting does not help. */
        FATAL,
        /** The prompt does not fit into the model's context. */
        CONTEXT_OVERFLOW
    }

    private final Kind kind;
    private final @Nullable Duration retryAfter;
    private final @Nullable String timeline;

    public ChatFailure(Kind kind, String message) {
        this(kind, message, null, null);
    }

    /**
     * A failure with what the server said about it.
     *
     * @param retryAfter wait the server asked for, or null when it named none
     * @param timeline id of the raw request record, or null when none was kept
     */
    public ChatFailure(
            Kind kind, String message, @Nullable Duration retryAfter, @Nullable String timeline) {
        super(message);
        this.kind = kind;
        this.retryAfter = retryAfter;
        this.timeline = timeline;
    }

    public Kind kind() {
        return kind;
    }

    /** The wait the server asked for, or null when it named none. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** Id of the raw request record, or null when none was kept. */
    public @Nullable String timeline() {
        return timeline;
    }

    /** Whether the same request may succeed after a wait. */
    boolean passes() {
        return kind == Kind.RATE_LIMITED || kind == Kind.UNAVAILABLE_TEMPORARILY;
    }
}
