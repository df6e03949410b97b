package io.rackmark.runner.measure;

import io.rackmark.engine.Precision;
import io.rackmark.runner.result.Property;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far an engine's logits are from the exact ones of the same checkpoint.
 *
 * @param samePrompt whether the engine makes the same token ids of the probe text as the others
 * @param relativeRms root of Σ(engine − exact)² / Σ exact² over all rows
 * @param maxAbsolute greatest difference of a single logit
 * @param sameChoice rows whose greatest logit belongs to the same token
 * @param rows rows compared: after the prompt and after each token of a continuation
 * @param bound largest relative RMS at which the precision counts as the same model; null for
 *     quantised weights, which are another model by design
 */
public record Equivalence(
        boolean samePrompt,
        double relativeRms,
        double maxAbsolute,
        int sameChoice,
        int rows,
        @Nullable Double bound) {

    /**
     * Compares two sets of logits.
     *
     * @param engine [rows][vocabulary]
     * @param exact of the same size
     */
    static Equivalence of(
            float[][] engine, float[][] exact, boolean samePrompt, Precision precision) {
        double difference = 0;
        double size = 0;
        double greatest = 0;
        int same = 0;
        for (int row = 0; row < exact.length; row++) {
            for (int id = 0; id < exact[row].length; id++) {
                double apart = (double) engine[row][id] - exact[row][id];
                difference += apart * apart;
                size += (double) exact[row][id] * exact[row][id];
                greatest = Math.max(greatest, Math.abs(apart));
            }
            same += choice(engine[row]) == choice(exact[row]) ? 1 : 0;
        }
        return new Equivalence(
                samePrompt,
                Math.sqrt(difference / size),
                greatest,
                same,
                exact.length,
                bound(precision));
    }

    /** The bounds of docs/methodology.md. */
    private static @Nullable Double bound(Precision precision) {
        return switch (precision) {
            case F32 -> 1e-5;
            case F16 -> 5e-3;
            case BF16 -> 3e-2;
            case Q8_0, Q4_0, Q4_K_M, INT8, INT4 -> null;
        };
    }

    /** Whether the figures of this engine may be set beside others as the same model. */
    public boolean likeForLike() {
        return samePrompt && bound != null && relativeRms <= bound;
    }

    /** Whether a bound holds for the precision and is broken. */
    public boolean broken() {
        return !samePrompt || (bound != null && !(relativeRms <= bound));
    }

    List<Property> properties() {
        return List.of(
                new Property(
                        "logits-relative-rms", String.format(Locale.ROOT, "%.2e", relativeRms)),
                new Property("logits-same-choice", sameChoice + "/" + rows),
                new Property("like-for-like", String.valueOf(likeForLike())));
    }

    private static int choice(float[] row) {
        int best = 0;
        for (int id = 1; id < row.length; id++) {
            if (row[id] > row[best]) {
                best = id;
            }
        }
        return best;
    }
}
