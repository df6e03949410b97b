package io.rackmark.engine;

import java.util.List;

/**
 * @param prompt what to continue
 * @param sampling how the next token is chosen
 * @param maxTokens most tokens to generate, at least 1
 * @param stop strings that end the answer and are not part of it
 * @param ignoreEnd whether end-of-turn tokens are generated past, for speed tests of fixed length
 * @param depth so many tokens at the beginning of the prompt only fill the KV cache: they are
 *     prefilled apart from the others, and their time is not counted as prefill; less than the
 *     prompt's length
 */
public record GenerationRequest(
        Prompt prompt,
        Sampling sampling,
        int maxTokens,
        List<String> stop,
        boolean ignoreEnd,
        int depth) {

    public GenerationRequest {
        stop = List.copyOf(stop);
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, was " + maxTokens);
        }
        if (depth < 0) {
            throw new IllegalArgumentException("depth must be at least 0, was " + depth);
        }
    }

    /** A request on an empty KV cache. */
    public GenerationRequest(
            Prompt prompt, Sampling sampling, int maxTokens, List<String> stop, boolean ignoreEnd) {
        this(prompt, sampling, maxTokens, stop, ignoreEnd, 0);
    }
}
