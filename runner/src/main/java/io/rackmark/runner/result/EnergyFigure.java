package io.rackmark.runner.result;

import org.jspecify.annotations.Nullable;

/**
 * One energy number with what is needed to trust it.
 *
 * @param metric name on the methodology page, such as {@code energy_per_output_token}
 * @param source id of the {@link EnergySource}; several joined by {@code +} for a sum of parts
 * @param scope what was metered, for people
 * @param unit {@code J}, {@code J/token}, {@code W}, {@code tok/s/W} …
 * @param value null when not measured
 * @param grade null when not measured
 * @param n windows, one per cell
 * @param windowSeconds length of all windows together
 * @param reason why the value is null; null when it is not
 */
public record EnergyFigure(
        String metric,
        String source,
        String scope,
        String unit,
        @Nullable Double value,
        @Nullable EnergyGrade grade,
        int n,
        double windowSeconds,
        @Nullable String reason) {

    public EnergyFigure {
        if ((value == null) == (reason == null) || (value == null) != (grade == null)) {
            throw new IllegalArgumentException(
                    "an energy figure has either value and grade or a reason: " + metric);
        }
    }
}
