package io.rackmark.engine;

/**
 * How likely a token was.
 *
 * @param token its id
 * @param bytes UTF-8 of what it adds to an answer, often only a part of a character; of a special
 *     token, which adds nothing, its name; empty when it has neither
 * @param logprob natural logarithm of its probability in the model's own distribution, over the
 *     whole vocabulary, before temperature, candidate limits and the answer's format; finite
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenLogprob(int token, byte[] bytes, double logprob) {}
