package io.rackmark.engine.remote;

import org.jspecify.annotations.Nullable;

/**
 * Tokens as the server counts them; null where it does not say.
 *
 * @param promptTokens of the prompt, cached ones included
 * @param outputTokens generated, reasoning included
 * @param cachedTokens of the prompt, served from a cache
 * @param reasoningTokens generated before the answer
 */
public record Usage(
        @Nullable Integer promptTokens,
        @Nullable Integer outputTokens,
        @Nullable Integer cachedTokens,
        @Nullable Integer reasoningTokens) {}
