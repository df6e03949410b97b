package io.rackmark.runner.stats;

import java.util.Arrays;

/**
 * Percentiles, each with the least number of samples from which it is given at all: the floors of
 * the metrics page.
 */
public enum Percentile {
    P50(0.50, 11),
    P75(0.75, 24),
    P90(0.90, 64),
    P95(0.95, 130),
    P99(0.99, 662);

    private final double fraction;
    private final int floor;

    Percentile(double fraction, int floor) {
        this.fraction = fraction;
        this.floor = floor;
    }

    /** Least number of samples. */
    public int floor() {
        return floor;
    }

    /** The percentile of the samples, absent below the floor. */
    public Estimate of(double[] samples) {
        if (samples.length < floor) {
            return Estimate.tooFew(floor, samples.length);
        }
        double[] sorted = Samples.checked(samples);
        Arrays.sort(sorted);
        return Estimate.point(quantile(sorted, fraction), sorted.length);
    }

    /**
     * Type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996): linear between
     * the order statistics around (n - 1) p, the default of NumPy and R.
     */
    static double quantile(double[] sorted, double fraction) {
        double position = (sorted.length - 1) * fraction;
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
