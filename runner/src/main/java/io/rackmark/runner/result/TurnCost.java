package io.rackmark.runner.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one turn cost.
 *
 * @param promptTokens tokens of the prompt, or null when unknown
 * @param outputTokens tokens generated, or null when unknown
 * @param cachedTokens prompt tokens served from a cache, or null when unknown
 * @param finish why the response ended, in the engine's word, or null when none arrived
 * @param requestId id of the raw request record, or null when no request was recorded
 * @param refusedRequestIds ids of the raw records of requests refused before (429, 503)
 * @param refusals requests refused before, recorded or not
 * @param modelNanos inside the request that was answered or failed for good
 * @param sqlNanos inside the database
 * @param backoffNanos refused requests and the waits after them
 * @param pacedNanos held back before sending, to keep to a rate limit; in none of the other times;
 *     null when stored before there was pacing
 */
public record TurnCost(
        @Nullable Integer promptTokens,
        @Nullable Integer outputTokens,
        @Nullable Integer cachedTokens,
        @Nullable String finish,
        @Nullable String requestId,
        List<String> refusedRequestIds,
        int refusals,
        long modelNanos,
        long sqlNanos,
        long backoffNanos,
        @Nullable Long pacedNanos) {
    public TurnCost {
        refusedRequestIds = List.copyOf(refusedRequestIds);
    }

    /** Of requests that nothing held back. */
    public TurnCost(
            @Nullable Integer promptTokens,
            @Nullable Integer outputTokens,
            @Nullable Integer cachedTokens,
            @Nullable String finish,
            @Nullable String requestId,
            List<String> refusedRequestIds,
            int refusals,
            long modelNanos,
            long sqlNanos,
            long backoffNanos) {
        this(
                promptTokens,
                outputTokens,
                cachedTokens,
                finish,
                requestId,
                refusedRequestIds,
                refusals,
                modelNanos,
                sqlNanos,
                backoffNanos,
                0L);
    }
}
