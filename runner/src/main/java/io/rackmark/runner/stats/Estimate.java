package io.rackmark.runner.stats;

import org.jspecify.annotations.Nullable;

/**
 * A value with its 95 % interval, in the unit of the samples.
 *
 * @param value null when there are too few samples
 * @param low lower end of the interval; null when there is none
 * @param high upper end
 * @param n samples
 * @param reason why the value is null; null when it is not
 */
public record Estimate(
        @Nullable Double value,
        @Nullable Double low,
        @Nullable Double high,
        int n,
        @Nullable String reason) {

    public Estimate {
        if ((value == null) == (reason == null)) {
            throw new IllegalArgumentException("an estimate has either a value or a reason");
        }
        if ((low == null) != (high == null)) {
            throw new IllegalArgumentException("an interval has two ends");
        }
    }

    static Estimate absent(int n, String reason) {
        return new Estimate(null, null, null, n, reason);
    }

    static Estimate point(double value, int n) {
        return new Estimate(value, null, null, n, null);
    }

    static Estimate tooFew(int needed, int n) {
        return absent(n, "needs n >= %d, have %d".formatted(needed, n));
    }
}
