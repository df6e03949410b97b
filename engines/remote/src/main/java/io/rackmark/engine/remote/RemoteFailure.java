package io.rackmark.engine.remote;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no whole answer.
 *
 * @param kind for counting, and for what to do next
 * @param message one sentence, without secrets, with the remedy where there is one
 * @param status HTTP status; null when no response came
 * @param retryAfter wait the server asked for; null when it named none
 */
public record RemoteFailure(
        Kind kind, String message, @Nullable Integer status, @Nullable Duration retryAfter) {

    /** Every way a request can end badly. */
    public enum Kind {
        /** HTTP 429. */
        RATE_LIMITED,
        /** HTTP 5xx, 408, 425. */
        OVERLOADED,
        /** HTTP 401, 402, 403, or a used-up quota. */
        DENIED,
        /** The endpoint does not serve this model: unavailable, which is not a wrong answer. */
        NO_SUCH_MODEL,
        /** HTTP 404 and redirects: the address is not that of an API. */
        NO_SUCH_ADDRESS,
        /** The endpoint does not take the request as it is. */
        BAD_REQUEST,
        /** The prompt does not fit into the model's context. */
        CONTEXT_OVERFLOW,
        /** No connection. */
        UNREACHABLE,
        /** The certificate is not trusted, or the handshake failed. */
        TLS,
        /** Nothing arrived for as long as {@link Deadlines#silence}. */
        STALLED,
        /** Not done within {@link Deadlines#total}. */
        DEADLINE,
        /** The connection or the stream ended before the answer did. */
        CUT,
        /** What arrived is not the dialect. */
        MALFORMED,
        /** More arrived than {@link Bounds} allow. */
        TOO_LARGE,
        /** The calling thread was interrupted. */
        CANCELLED
    }

    /** Whether the same request may succeed after a wait. */
    public boolean passes() {
        return kind == Kind.RATE_LIMITED || kind == Kind.OVERLOADED;
    }
}
