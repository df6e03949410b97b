package io.rackmark.runner.stats;

import org.hipparchus.distribution.discrete.BinomialDistribution;

/** Accuracy of two systems on the same questions. */
public final class McNemar {
    private McNemar() {}

    /**
     * Exact two-sided p-value of McNemar's test (McNemar 1947): under no difference, the questions
     * only one system answers correctly are coin tosses, so p = 2 P(X ≤ min) with X binomial(onlyA
     * + onlyB, ½), at most 1.
     *
     * @param onlyA questions only A answered correctly
     * @param onlyB questions only B answered correctly
     */
    public static double exact(int onlyA, int onlyB) {
        if (onlyA < 0 || onlyB < 0) {
            throw new IllegalArgumentException("counts %d and %d".formatted(onlyA, onlyB));
        }
        int tosses = Math.addExact(onlyA, onlyB);
        if (tosses == 0) {
            return 1;
        }
        int fewer = Math.min(onlyA, onlyB);
        return Math.min(1, 2 * new BinomialDistribution(tosses, 0.5).cumulativeProbability(fewer));
    }
}
