package io.rackmark.runner.cost;

/**
 * A value that is known only between two ends, both included.
 *
 * @param low not above {@code high}
 */
public record Span(double low, double high) {
    public Span {
        if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException("a span from %s to %s".formatted(low, high));
        }
    }

    /** A value that is known. */
    public static Span of(double value) {
        return new Span(value, value);
    }
}
