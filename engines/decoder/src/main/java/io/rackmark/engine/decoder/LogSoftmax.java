package io.rackmark.engine.decoder;

import java.util.Arrays;

/**
 * Log probabilities of raw logits: {@code logit − max − ln Σ exp(logit − max)}, in double
 * precision, and the likeliest tokens. Made for one request; what {@link #of} found holds until its
 * next call.
 */
final class LogSoftmax {
    private final int most;
    private final int[] best; // [most], most likely first
    private float[] logits = {}; // [vocabulary], the engine's own
    private int found;
    private double max;
    private double logTotal;

    /**
     * @param most how many of the likeliest tokens are kept
     */
    LogSoftmax(int most) {
        this.most = most;
        this.best = new int[most];
    }

    /**
     * @param row [vocabulary], finite or negative infinity, at least one finite; read until the
     *     next call
     */
    void of(float[] row) {
        logits = row;
        found = 0;
        max = Float.NEGATIVE_INFINITY;
        for (int token = 0; token < row.length; token++) {
            max = Math.max(max, row[token]);
            if (most > 0 && (found < most || row[token] > row[best[found - 1]])) {
                rank(token);
            }
        }
        double total = 0;
        for (float logit : row) {
            total += Math.exp(logit - max);
        }
        logTotal = Math.log(total);
    }

    /** Of equal logits the first stays ahead. Tokens of probability 0 have no rank. */
    private void rank(int token) {
        if (logits[token] == Float.NEGATIVE_INFINITY) {
            return;
        }
        int place = found < most ? found++ : most - 1;
        while (place > 0 && logits[best[place - 1]] < logits[token]) {
            best[place] = best[place - 1];
            place--;
        }
        best[place] = token;
    }

    double logprob(int token) {
        return logits[token] - max - logTotal; // not less their sum, which may swallow the latter
    }

    /** The likeliest tokens, most likely first. */
    int[] likeliest() {
        return Arrays.copyOf(best, found);
    }
}
