package io.rackmark.runner.stats;

import org.jspecify.annotations.Nullable;

/**
 * How two systems differ.
 *
 * @param difference A minus B with its 95 % interval
 * @param p two-sided p-value before correction for the table; null when the difference is absent
 * @param cohensD standardised difference; null when pairs are compared or nothing varies
 */
public record Comparison(Estimate difference, @Nullable Double p, @Nullable Double cohensD) {
    static Comparison absent(Estimate difference) {
        return new Comparison(difference, null, null);
    }
}
