package io.rackmark.engine.decoder;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.Sampling;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Chooses the next token of one request from logits; the same seed chooses the same tokens. */
final class Sampler implements TokenChooser {
    private final Sampling sampling;
    private final SplittableRandom random;
    private double[] weights = {}; // [vocabulary]
    private long[] ranked = {}; // [vocabulary]

    Sampler(Sampling sampling) {
        this.sampling = sampling;
        this.random = new SplittableRandom(sampling.seed());
    }

    /** Whether the logits alone decide. */
    boolean greedy() {
        return sampling.temperature() == 0;
    }

    /**
     * @param logits [vocabulary]; negative infinity is never chosen
     * @throws EngineException of kind {@code INTERNAL} when the logits hold NaN or infinity
     */
    @Override
    public int next(float[] logits) {
        int best = greatest(logits);
        return sampling.temperature() == 0 ? best : draw(logits, logits[best]);
    }

    /** Of equal logits the first. One comparison per logit: NaN is not at most anything. */
    private static int greatest(float[] logits) {
        int best = -1;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.length; i++) {
            float logit = logits[i];
            if (!(logit <= max)) {
                if (!Float.isFinite(logit)) {
                    throw notFinite(logit, i);
                }
                max = logit;
                best = i;
            }
        }
        if (best < 0) {
            throw notFinite(max, 0);
        }
        return best;
    }

    private static EngineException notFinite(float logit, int token) {
        return new EngineException(
                Kind.INTERNAL,
                ("the engine computed the logit %s for token %d: check the model's weights and the"
                                + " precision it runs in")
                        .formatted(logit, token));
    }

    private int draw(float[] logits, float max) {
        if (weights.length != logits.length) {
            weights = new double[logits.length];
            ranked = new long[logits.length];
        }
        double total = 0;
        for (int i = 0; i < logits.length; i++) {
            weights[i] = Math.exp((logits[i] - max) / sampling.temperature());
            total += weights[i];
        }
        if (sampling.topK() == 0 && sampling.topP() == 1) {
            return drawFromAll(random.nextDouble() * total);
        }
        return drawFromRanked(rank(logits, total));
    }

    private int drawFromAll(double point) {
        int last = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                point -= weights[i];
                if (point < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    /** Sorts candidates into the end of {@link #ranked}, best last; returns how many there are. */
    private int rank(float[] logits, double total) {
        // Without a top-k, tokens below this weight lie outside the nucleus, even all together.
        double floor =
                sampling.topK() > 0 ? 0 : (1 - sampling.topP()) * total / logits.length * 0.999;
        int count = 0;
        for (int i = 0; i < logits.length; i++) {
            if (weights[i] > 0 && weights[i] >= floor) {
                ranked[count++] = key(logits[i], i);
            }
        }
        Arrays.sort(ranked, 0, count);
        return count;
    }

    private int drawFromRanked(int count) {
        int kept = sampling.topK() > 0 ? Math.min(sampling.topK(), count) : count;
        double total = 0;
        for (int i = 0; i < kept; i++) {
            total += weights[index(ranked[count - 1 - i])];
        }
        double nucleus = 0;
        int size = 0;
        double enough = total * sampling.topP();
        while (size < kept && (size == 0 || nucleus < enough)) {
            nucleus += weights[index(ranked[count - 1 - size++])];
        }
        double point = random.nextDouble() * nucleus;
        for (int i = 0; i < size; i++) {
            int candidate = index(ranked[count - 1 - i]);
            point -= weights[candidate];
            if (point < 0) {
                return candidate;
            }
        }
        return index(ranked[count - size]);
    }

    /** Sorts by logit, then lower index last; holds the index in its lower half. */
    private static long key(float logit, int index) {
        int bits = Float.floatToIntBits(logit + 0f);
        int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return ((long) ordered << 32) | (Integer.MAX_VALUE - index);
    }

    private static int index(long key) {
        return Integer.MAX_VALUE - (int) key;
    }
}
