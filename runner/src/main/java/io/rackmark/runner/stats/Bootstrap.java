package io.rackmark.runner.stats;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * Bias-corrected and accelerated (BCa) bootstrap intervals at 95 %, after Efron, "Better Bootstrap
 * Confidence Intervals" (1987) and Efron and Tibshirani, "An Introduction to the Bootstrap" (1993),
 * chapter 14. The same samples and seed give the same interval.
 */
public final class Bootstrap {
    /** Enough that the ends of an interval move by about a hundredth of its width between seeds. */
    public static final int RESAMPLES = 10_000;

    /** A jackknife needs something to leave out and something to keep. */
    private static final int FEWEST = 2;

    private static final double TAIL = 0.025;
    private static final NormalDistribution NORMAL = new NormalDistribution();

    private Bootstrap() {}

    /** Mean or median of the samples with its interval. */
    public static Estimate interval(double[] samples, Statistic statistic, long seed) {
        double[] checked = Samples.checked(samples);
        if (checked.length == 0) {
            return Estimate.tooFew(1, 0);
        }
        return run(checked.length, rows -> statistic.of(pick(checked, rows)), seed).estimate();
    }

    /**
     * Difference of the statistic between two systems measured on the same items, A minus B; pairs
     * are resampled together. The p-value is two-sided: twice the smaller share of resamples on one
     * side of zero, each counted once more so that it is never 0 (Davison and Hinkley, "Bootstrap
     * Methods and their Application", 1997, section 4.2).
     */
    public static Comparison paired(double[] a, double[] b, Statistic statistic, long seed) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "pairs need equal numbers, have %d and %d".formatted(a.length, b.length));
        }
        if (a.length < FEWEST) {
            return Comparison.absent(Estimate.tooFew(FEWEST, a.length));
        }
        double[] first = Samples.checked(a);
        double[] second = Samples.checked(b);
        Outcome outcome =
                run(
                        first.length,
                        rows -> statistic.of(pick(first, rows)) - statistic.of(pick(second, rows)),
                        seed);
        return new Comparison(outcome.estimate(), outcome.p(), null);
    }

    private static Outcome run(int n, ToDoubleFunction<int[]> statistic, long seed) {
        int[] rows = new int[n];
        Arrays.setAll(rows, i -> i);
        double value = statistic.applyAsDouble(rows);
        if (n < FEWEST) {
            return new Outcome(Estimate.point(value, n), new double[0]);
        }
        double[] resampled = new double[RESAMPLES];
        Random random = new Random(seed);
        for (int i = 0; i < RESAMPLES; i++) {
            Arrays.setAll(rows, ignored -> random.nextInt(n));
            resampled[i] = statistic.applyAsDouble(rows);
        }
        Arrays.sort(resampled);
        double bias = bias(value, resampled);
        double acceleration = acceleration(n, statistic);
        return new Outcome(
                new Estimate(
                        value,
                        end(resampled, bias, acceleration, TAIL),
                        end(resampled, bias, acceleration, 1 - TAIL),
                        n,
                        null),
                resampled);
    }

    /** z0: normal quantile of the share of resamples below the value, ties counted half. */
    private static double bias(double value, double[] resampled) {
        long twiceBelow = 0;
        for (double other : resampled) {
            twiceBelow += other < value ? 2 : other == value ? 1 : 0;
        }
        double share = twiceBelow / (2.0 * resampled.length);
        // All on one side (tiny samples) would be an infinite bias; half a resample is the limit.
        double limit = 0.5 / resampled.length;
        return NORMAL.inverseCumulativeProbability(Math.clamp(share, limit, 1 - limit));
    }

    /** a = Σ(m − θᵢ)³ / 6(Σ(m − θᵢ)²)^1.5 over the jackknife values θᵢ with mean m. */
    private static double acceleration(int n, ToDoubleFunction<int[]> statistic) {
        double[] left = new double[n];
        for (int out = 0; out < n; out++) {
            int skipped = out;
            int[] rows = new int[n - 1];
            Arrays.setAll(rows, i -> i < skipped ? i : i + 1);
            left[out] = statistic.applyAsDouble(rows);
        }
        double mean = Samples.mean(left);
        double squares = 0;
        double cubes = 0;
        for (double value : left) {
            squares += Math.pow(mean - value, 2);
            cubes += Math.pow(mean - value, 3);
        }
        return squares == 0 ? 0 : cubes / (6 * Math.pow(squares, 1.5));
    }

    private static double end(double[] sorted, double bias, double acceleration, double tail) {
        double shifted = bias + NORMAL.inverseCumulativeProbability(tail);
        double adjusted =
                NORMAL.cumulativeProbability(bias + shifted / (1 - acceleration * shifted));
        return Percentile.quantile(sorted, adjusted);
    }

    private static double[] pick(double[] samples, int[] rows) {
        double[] picked = new double[rows.length];
        Arrays.setAll(picked, i -> samples[rows[i]]);
        return picked;
    }

    /** Not a record: the resamples are sorted, shared and never leave this class. */
    private static final class Outcome {
        private final Estimate estimate;
        private final double[] resampled;

        Outcome(Estimate estimate, double[] resampled) {
            this.estimate = estimate;
            this.resampled = resampled;
        }

        Estimate estimate() {
            return estimate;
        }

        double p() {
            long below = Arrays.stream(resampled).filter(difference -> difference <= 0).count();
            long above = Arrays.stream(resampled).filter(difference -> difference >= 0).count();
            return Math.min(1, 2 * (Math.min(below, above) + 1.0) / (resampled.length + 1));
        }
    }
}
