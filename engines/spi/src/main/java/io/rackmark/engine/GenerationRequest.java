package io.rackmark.engine;

import java.util.List;
import java.util.OptionalInt;

/**
 * @param prompt what to continue
 * @param sampling how the next token is chosen
 * @param maxTokens most tokens to generate, at least 1
 * @param stop strings that end the answer and are not part of it
 * @param ignoreEnd whether end-of-turn tokens are generated past, for speed tests of fixed length;
 *     only of free answers
 * @param depth so many tokens at the beginning of the prompt only fill the KV cache: they are
 *     prefilled apart from the others, and their time is not counted as prefill; less than the
 *     prompt's length
 * @param format what the answer must look like
 * @param logprobs how many of the likeliest tokens are told beside each token of the answer, with
 *     their log probabilities: 0 to {@value #MOST_LOGPROBS}; empty when none are to be computed
 */
public record GenerationRequest(
        Prompt prompt,
        Sampling sampling,
        int maxTokens,
        List<String> stop,
        boolean ignoreEnd,
        int depth,
        AnswerFormat format,
        OptionalInt logprobs) {

    /** Likeliest tokens that a request can ask for. */
    public static final int MOST_LOGPROBS = 20;

    public GenerationRequest {
        stop = List.copyOf(stop);
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, was " + maxTokens);
        }
        if (depth < 0) {
            throw new IllegalArgumentException("depth must be at least 0, was " + depth);
        }
        if (ignoreEnd && !format.equals(AnswerFormat.FREE)) {
            throw new IllegalArgumentException(
                    "an answer of fixed length cannot keep to the format " + format);
        }
        if (logprobs.orElse(0) < 0 || logprobs.orElse(0) > MOST_LOGPROBS) {
            throw new IllegalArgumentException(
                    "logprobs must be 0 to %d, was %d"
                            .formatted(MOST_LOGPROBS, logprobs.getAsInt()));
        }
    }

    /** A request without log probabilities. */
    public GenerationRequest(
            Prompt prompt,
            Sampling sampling,
            int maxTokens,
            List<String> stop,
            boolean ignoreEnd,
            int depth,
            AnswerFormat format) {
        this(prompt, sampling, maxTokens, stop, ignoreEnd, depth, format, OptionalInt.empty());
    }

    /** A request for a free answer, on an empty KV cache. */
    public GenerationRequest(
            Prompt prompt, Sampling sampling, int maxTokens, List<String> stop, boolean ignoreEnd) {
        this(prompt, sampling, maxTokens, stop, ignoreEnd, 0, AnswerFormat.FREE);
    }

    /**
     * This request with log probabilities.
     *
     * @param likeliest how many of the likeliest tokens are told beside each one
     */
    public GenerationRequest withLogprobs(int likeliest) {
        return new GenerationRequest(
                prompt,
                sampling,
                maxTokens,
                stop,
                ignoreEnd,
                depth,
                format,
                OptionalInt.of(likeliest));
    }
}
