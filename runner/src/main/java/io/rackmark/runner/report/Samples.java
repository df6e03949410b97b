package io.rackmark.runner.report;

import io.rackmark.runner.result.Figure;
import io.rackmark.runner.stats.Bootstrap;
import io.rackmark.runner.stats.Interval;
import io.rackmark.runner.stats.Percentile;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The measured values of one metric.
 *
 * @param values [n], in the metric's unit
 */
record Samples(double[] values) {

    /** The values that were measured, divided by {@code unit}. */
    static <T> Samples of(
            List<T> records, Function<T, ? extends @Nullable Number> value, double unit) {
        return new Samples(
                SystemFigures.values(records, value).mapToDouble(v -> v / unit).toArray());
    }

    /** Mean with its BCa interval. */
    Figure mean(String metric, String unit) {
        if (values.length == 0) {
            return missing(metric, "mean", unit, "not measured");
        }
        double mean = Arrays.stream(values).average().orElseThrow();
        return figure(metric, "mean", unit, mean, Bootstrap.mean(values));
    }

    /** Median with its BCa interval; null below the floor. */
    Figure median(String metric, String unit) {
        Optional<Double> median = Percentile.P50.of(values);
        if (median.isEmpty()) {
            return missing(metric, "p50", unit, Percentile.P50.reason(values.length));
        }
        return figure(metric, "p50", unit, median.get(), Bootstrap.median(values));
    }

    Figure max(String metric, String unit) {
        return Arrays.stream(values).boxed().max(Double::compare).stream()
                .map(max -> figure(metric, "max", unit, max, Optional.empty()))
                .findFirst()
                .orElseGet(() -> missing(metric, "max", unit, "not measured"));
    }

    private Figure figure(
            String metric,
            String statistic,
            String unit,
            double value,
            Optional<Interval> interval) {
        return new Figure(
                metric,
                statistic,
                unit,
                value,
                interval.map(Interval::low).orElse(null),
                interval.map(Interval::high).orElse(null),
                values.length,
                null);
    }

    private Figure missing(String metric, String statistic, String unit, String reason) {
        return new Figure(metric, statistic, unit, null, null, null, values.length, reason);
    }
}
