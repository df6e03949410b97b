package io.rackmark.runner.result;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a request to an endpoint besides its events, in nanoseconds; null where it did
 * not happen or was not told.
 *
 * @param reusedConnection whether it went over a standing connection
 * @param dnsNanos name to addresses
 * @param connectNanos TCP handshake
 * @param tlsNanos TLS handshake
 * @param requestNanos sent → request written
 * @param headersNanos sent → response headers arrived
 * @param firstAnswerNanos sent → first answer event, thoughts left out
 * @param endNanos sent → end of the stream or of the waiting
 * @param roundTripNanos shortest TCP round trip to the endpoint at the cell's beginning
 * @param cachedTokens prompt tokens served from a cache
 * @param reasoningTokens output tokens before the answer
 * @param dollars by the price that stands among the cell's facts
 * @param servedModel name in the answer
 * @param status HTTP status of a refusal
 * @param failure kind of failure
 * @param pacedNanos held back before it was sent, to keep to a rate limit; null when stored before
 *     there was pacing
 */
public record RemoteTrace(
        boolean reusedConnection,
        @Nullable Long dnsNanos,
        @Nullable Long connectNanos,
        @Nullable Long tlsNanos,
        @Nullable Long requestNanos,
        @Nullable Long headersNanos,
        @Nullable Long firstAnswerNanos,
        long endNanos,
        @Nullable Long roundTripNanos,
        @Nullable Integer cachedTokens,
        @Nullable Integer reasoningTokens,
        @Nullable Double dollars,
        @Nullable String servedModel,
        @Nullable Integer status,
        @Nullable String failure,
        @Nullable Long pacedNanos) {}
