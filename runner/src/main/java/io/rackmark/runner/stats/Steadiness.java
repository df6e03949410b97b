package io.rackmark.runner.stats;

import java.util.Arrays;

/**
 * When a system counts as warm: the last {@link #WINDOW} values lie within so many percent of the
 * least of them.
 */
public final class Steadiness {
    /** Two may agree by chance, more would cost time. */
    public static final int WINDOW = 3;

    private Steadiness() {}

    /**
     * By how much the last values differ, in percent of the least; infinite for fewer than {@link
     * #WINDOW}, or when one is not positive.
     *
     * @param values in the order of measurement
     */
    public static double spreadPercent(double[] values) {
        if (values.length < WINDOW) {
            return Double.POSITIVE_INFINITY;
        }
        double[] last = Arrays.copyOfRange(values, values.length - WINDOW, values.length);
        double least = Arrays.stream(Samples.checked(last)).min().orElseThrow();
        double most = Arrays.stream(last).max().orElseThrow();
        return least > 0 ? 100 * (most - least) / least : Double.POSITIVE_INFINITY;
    }
}
