package io.rackmark.runner.report;

import io.rackmark.runner.stats.Estimate;
import io.rackmark.runner.stats.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * How one system stands against another in one metric.
 *
 * @param metric name on the methodology page
 * @param unit of the difference
 * @param a id of the one system
 * @param b id of the other, the baseline
 * @param difference A minus B with its 95 % interval
 * @param adjustedP two-sided, corrected by Holm over all contrasts of the table; null when there is
 *     no difference to test
 * @param verdict what may be said
 */
public record Contrast(
        String metric,
        String unit,
        String a,
        String b,
        Estimate difference,
        @Nullable Double adjustedP,
        Verdict verdict) {}
