package io.rackmark.engine.remote.provider;

import org.jspecify.annotations.Nullable;

/**
 * Limits of an account, for pacing; null where not known.
 *
 * @param requestsPerMinute requests
 * @param tokensPerMinute prompt and output tokens together
 */
public record RateLimits(@Nullable Integer requestsPerMinute, @Nullable Integer tokensPerMinute) {}
