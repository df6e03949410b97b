package io.rackmark.engine;

import java.util.List;

/**
 * @param prompt what to continue
 * @param sampling how the next token is chosen
 * @param maxTokens most tokens to generate, at least 1
 * @param stop strings that end the answer and are not part of it
 * @param ignoreEnd whether end-of-turn tokens are generated past, for speed tests of fixed length
 */
public record GenerationRequest(
        Prompt prompt, Sampling sampling, int maxTokens, List<String> stop, boolean ignoreEnd) {

    public GenerationRequest {
        stop = List.copyOf(stop);
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, was " + maxTokens);
        }
    }
}
