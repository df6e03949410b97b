package io.rackmark.runner.result;

import org.jspecify.annotations.Nullable;

/**
 * One number with what is needed to trust it.
 *
 * @param metric name on the metrics page, such as {@code ttft}
 * @param statistic {@code p50}, {@code mean}, {@code total}, {@code proportion} …
 * @param unit such as {@code ms}, {@code tok/s}, {@code bytes}
 * @param value null when not measured
 * @param low lower end of the 95 % interval; null when there is none
 * @param high upper end
 * @param n samples
 * @param reason why the value is null; null when it is not
 */
public record Figure(
        String metric,
        String statistic,
        String unit,
        @Nullable Double value,
        @Nullable Double low,
        @Nullable Double high,
        int n,
        @Nullable String reason) {

    public Figure {
        if ((value == null) == (reason == null)) {
            throw new IllegalArgumentException(
                    "a figure has either a value or a reason: " + metric);
        }
    }
}
