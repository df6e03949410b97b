package io.rackmark.runner.stats;

/** What may be said about two systems. */
public enum Verdict {
    A_BETTER,
    B_BETTER,
    NOT_DISTINGUISHABLE;

    /** One false verdict in twenty tables of equal systems. */
    public static final double ALPHA = 0.05;

    /** Which direction of a metric is good. */
    public enum Better {
        LOWER,
        HIGHER
    }

    /**
     * @param difference A minus B
     * @param adjustedP after {@link Holm}
     * @param better which direction is good
     */
    public static Verdict of(double difference, double adjustedP, Better better) {
        if (!(adjustedP < ALPHA) || difference == 0 || Double.isNaN(difference)) {
            return NOT_DISTINGUISHABLE;
        }
        return (difference < 0) == (better == Better.LOWER) ? A_BETTER : B_BETTER;
    }
}
