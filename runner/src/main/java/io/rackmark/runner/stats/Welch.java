package io.rackmark.runner.stats;

import org.hipparchus.distribution.continuous.TDistribution;
import org.jspecify.annotations.Nullable;

/** Means of two systems measured on different items. */
public final class Welch {
    /** A variance needs two samples. */
    private static final int FEWEST = 2;

    private static final double UPPER = 0.975;

    private Welch() {}

    /**
     * Welch's t-test with the degrees of freedom of Welch and Satterthwaite (Welch 1947, "The
     * Generalization of 'Student's' Problem when Several Different Population Variances are
     * Involved"), and Cohen's d with the pooled standard deviation (Cohen, "Statistical Power
     * Analysis for the Behavioral Sciences", 1988). When neither side varies at all, p is 1 for
     * equal means and 0 otherwise.
     */
    public static Comparison test(double[] a, double[] b) {
        int fewest = Math.min(a.length, b.length);
        if (fewest < FEWEST) {
            return Comparison.absent(Estimate.tooFew(FEWEST, fewest));
        }
        double[] first = Samples.checked(a);
        double[] second = Samples.checked(b);
        double difference = Samples.mean(first) - Samples.mean(second);
        int n = first.length + second.length;
        double shareA = Samples.variance(first) / first.length;
        double shareB = Samples.variance(second) / second.length;
        double error = Math.sqrt(shareA + shareB);
        if (error == 0) {
            Estimate exact = new Estimate(difference, difference, difference, n, null);
            return new Comparison(exact, difference == 0 ? 1.0 : 0.0, null);
        }
        double freedom =
                (shareA + shareB)
                        * (shareA + shareB)
                        / (shareA * shareA / (first.length - 1)
                                + shareB * shareB / (second.length - 1));
        TDistribution distribution = new TDistribution(freedom);
        double half = distribution.inverseCumulativeProbability(UPPER) * error;
        double p = 2 * distribution.cumulativeProbability(-Math.abs(difference) / error);
        return new Comparison(
                new Estimate(difference, difference - half, difference + half, n, null),
                p,
                cohensD(first, second, difference));
    }

    private static @Nullable Double cohensD(double[] a, double[] b, double difference) {
        double pooled =
                ((a.length - 1) * Samples.variance(a) + (b.length - 1) * Samples.variance(b))
                        / (a.length + b.length - 2);
        return pooled == 0 ? null : difference / Math.sqrt(pooled);
    }
}
