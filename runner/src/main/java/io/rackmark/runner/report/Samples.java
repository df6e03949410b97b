package io.rackmark.runner.report;

import io.rackmark.runner.result.Figure;
import io.rackmark.runner.stats.Bootstrap;
import io.rackmark.runner.stats.Estimate;
import io.rackmark.runner.stats.Percentile;
import io.rackmark.runner.stats.Statistic;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The measured values of one metric.
 *
 * @param values [n], in the metric's unit
 */
@SuppressWarnings("ArrayRecordComponent")
record Samples(double[] values) {
    /** Any fixed number: the same run always shows the same intervals. */
    private static final long SEED = 20_261_123;

    /** The values that were measured, divided by {@code unit}. */
    static <T> Samples of(
            List<T> records, Function<T, ? extends @Nullable Number> value, double unit) {
        return new Samples(
                SystemFigures.values(records, value).mapToDouble(v -> v / unit).toArray());
    }

    /** Mean with its BCa interval. */
    Figure mean(String metric, String unit) {
        return values.length == 0
                ? missing(metric, "mean", unit)
                : figure(metric, "mean", unit, Bootstrap.interval(values, Statistic.MEAN, SEED));
    }

    /** Median with its BCa interval; null below the floor. */
    Figure median(String metric, String unit) {
        if (values.length == 0) {
            return missing(metric, "p50", unit);
        }
        Estimate floor = Percentile.P50.of(values);
        return figure(
                metric,
                "p50",
                unit,
                floor.value() == null ? floor : Bootstrap.interval(values, Statistic.MEDIAN, SEED));
    }

    /** The largest value. */
    Figure max(String metric, String unit) {
        return Arrays.stream(values).boxed().max(Double::compare).stream()
                .map(max -> new Figure(metric, "max", unit, max, null, null, values.length, null))
                .findFirst()
                .orElseGet(() -> missing(metric, "max", unit));
    }

    static Figure figure(String metric, String statistic, String unit, Estimate estimate) {
        return new Figure(
                metric,
                statistic,
                unit,
                estimate.value(),
                estimate.low(),
                estimate.high(),
                estimate.n(),
                estimate.reason());
    }

    private Figure missing(String metric, String statistic, String unit) {
        return new Figure(metric, statistic, unit, null, null, null, 0, "not measured");
    }
}
