package io.rackmark.engine.remote.provider;

import org.jspecify.annotations.Nullable;

/**
 * Limits of an account, for pacing; null where not known.
 *
 * @param requestsPerMinute requests
 * @param tokensPerMinute prompt and output tokens together
 */
public record RateLimits(@Nullable Integer requestsPerMinute, @Nullable Integer tokensPerMinute) {

    /** Nothing is known. */
    public static final RateLimits NONE = new RateLimits(null, null);

    public RateLimits {
        require("requests-per-minute", requestsPerMinute);
        require("tokens-per-minute", tokensPerMinute);
    }

    private static void require(String key, @Nullable Integer perMinute) {
        if (perMinute != null && perMinute < 1) {
            throw new IllegalArgumentException(
                    "%s is %d; at least 1, or leave it out".formatted(key, perMinute));
        }
    }
}
