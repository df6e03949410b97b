package io.rackmark.engine.decoder;

import io.rackmark.engine.TokenLogprob;
import io.rackmark.engine.TokenLogprobs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The log probabilities of one answer's tokens, each told with the text that it begins in: a token
 * waits while its character is incomplete or a stop string holds its text back, and is dropped when
 * the stop string is found.
 */
final class AnswerLogprobs {
    private final LogSoftmax softmax;
    private final IntFunction<byte[]> spelling;
    private final Deque<TokenLogprobs> waiting = new ArrayDeque<>();
    private List<TokenLogprobs> shown = List.of();
    private int detokenized; // Unicode characters, those held back included
    private int told; // Unicode characters

    /**
     * @param spelling the bytes of each token
     */
    AnswerLogprobs(LogSoftmax softmax, IntFunction<byte[]> spelling) {
        this.softmax = softmax;
        this.spelling = spelling;
    }

    /**
     * Takes the token that was chosen.
     *
     * @param logits [vocabulary], as the model computed them
     */
    void chosen(float[] logits, int token) {
        softmax.of(logits);
        waiting.add(
                new TokenLogprobs(
                        of(token),
                        detokenized,
                        Arrays.stream(softmax.likeliest()).mapToObj(this::of).toList()));
    }

    private TokenLogprob of(int token) {
        return new TokenLogprob(token, spelling.apply(token), softmax.logprob(token));
    }

    /**
     * @param spelt whether the latest token is part of the text, and no special one
     * @param piece text that it completed
     * @param added text that the answer grew by
     */
    void added(boolean spelt, String piece, String added) {
        if (!spelt) {
            waiting.removeLast();
        }
        detokenized += piece.codePointCount(0, piece.length());
        told += added.codePointCount(0, added.length());
        shown = waiting.isEmpty() || waiting.getFirst().offset() >= told ? List.of() : take();
    }

    private List<TokenLogprobs> take() {
        List<TokenLogprobs> tokens = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.getFirst().offset() < told) {
            tokens.add(waiting.removeFirst());
        }
        return List.copyOf(tokens);
    }

    /** The tokens that begin in the latest text. */
    List<TokenLogprobs> shown() {
        return shown;
    }
}
