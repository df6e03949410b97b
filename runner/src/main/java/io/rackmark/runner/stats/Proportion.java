package io.rackmark.runner.stats;

/** Shares of successes. */
public final class Proportion {
    /** 97.5 % quantile of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

    private Proportion() {}

    /**
     * Share of successes with the Wilson score interval at 95 % (Wilson 1927, "Probable Inference,
     * the Law of Succession, and Statistical Inference"); it stays inside [0, 1] and does not
     * collapse at 0 or n successes.
     *
     * @param successes may be fractional: a trial that was repeated counts by its share
     */
    public static Estimate wilson(double successes, int n) {
        if (!(successes >= 0 && successes <= n)) {
            throw new IllegalArgumentException("%s successes of %d trials".formatted(successes, n));
        }
        if (n == 0) {
            return Estimate.tooFew(1, 0);
        }
        double share = successes / n;
        double z2 = Z * Z;
        double centre = (share + z2 / (2 * n)) / (1 + z2 / n);
        double half = Z / (1 + z2 / n) * Math.sqrt(share * (1 - share) / n + z2 / (4.0 * n * n));
        double low = successes == 0 ? 0 : centre - half;
        double high = successes == n ? 1 : centre + half;
        return new Estimate(share, low, high, n, null);
    }
}
