package io.rackmark.runner.stats;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Correction for looking at many comparisons at once. */
public final class Holm {
    private Holm() {}

    /**
     * Adjusted p-values in the order given (Holm 1979, "A Simple Sequentially Rejective Multiple
     * Test Procedure"): the k-th smallest of m is multiplied by m − k + 1, never below the one
     * before it and never above 1. Each may then be compared with {@link Verdict#ALPHA}.
     */
    public static double[] adjust(double[] p) {
        for (double value : p) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("p-value " + value);
            }
        }
        List<Integer> ascending =
                IntStream.range(0, p.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> p[i]))
                        .toList();
        double[] adjusted = new double[p.length];
        double largest = 0;
        for (int k = 0; k < p.length; k++) {
            int index = ascending.get(k);
            largest = Math.max(largest, Math.min(1, (p.length - k) * p[index]));
            adjusted[index] = largest;
        }
        return adjusted;
    }
}
