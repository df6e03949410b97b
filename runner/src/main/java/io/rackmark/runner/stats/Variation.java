package io.rackmark.runner.stats;

import org.jspecify.annotations.Nullable;

/**
 * How much repeats differ.
 *
 * @param coefficient standard deviation (divisor n − 1) over mean; null below two samples or when
 *     the mean is not positive
 * @param n samples
 * @param grade null when the coefficient is
 */
public record Variation(@Nullable Double coefficient, int n, @Nullable Grade grade) {
    private static final double GOOD_BELOW = 0.05;
    private static final double FAIR_UP_TO = 0.10;

    /** Grades of the metrics page. */
    public enum Grade {
        /** Below 5 %. */
        GOOD,
        /** 5 to 10 %. */
        FAIR,
        /** Above 10 %. */
        NOISY
    }

    public static Variation of(double[] samples) {
        double[] checked = Samples.checked(samples);
        double mean = checked.length < 2 ? 0 : Samples.mean(checked);
        if (!(mean > 0)) {
            return new Variation(null, checked.length, null);
        }
        double coefficient = Math.sqrt(Samples.variance(checked)) / mean;
        return new Variation(coefficient, checked.length, grade(coefficient));
    }

    private static Grade grade(double coefficient) {
        if (coefficient < GOOD_BELOW) {
            return Grade.GOOD;
        }
        return coefficient <= FAIR_UP_TO ? Grade.FAIR : Grade.NOISY;
    }
}
