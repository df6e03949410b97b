package io.rackmark.runner.result;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the meters told during one attempt at a cell. All figures are computed from the series.
 *
 * @param cell where it was measured
 * @param attempt the attempt of the requests it belongs to, from 1
 * @param wallClock wall-clock time, UTC, at {@code wallClockNanos}; aligns imported logs
 * @param wallClockNanos monotonic stamp of {@code wallClock}
 * @param idle the idle baseline before the worker started; null when none was taken
 * @param load when the meters were read under load; null when the cell did not come that far
 * @param series raw samples
 * @param unmeasured meters that could not be read, with the reason
 */
public record EnergyRecord(
        CellKey cell,
        int attempt,
        Instant wallClock,
        long wallClockNanos,
        @Nullable Span idle,
        @Nullable Span load,
        List<EnergySeries> series,
        List<Unmeasured> unmeasured) {

    /** Two monotonic stamps, the first not after the second. */
    public record Span(long fromNanos, long toNanos) {}

    /**
     * A meter without readings.
     *
     * @param meter {@code rapl}, {@code nvml}, {@code hwmon}, {@code ipmi}, {@code tdp}, {@code
     *     wall}
     * @param reason one sentence
     */
    public record Unmeasured(String meter, String reason) {}

    public EnergyRecord {
        series = List.copyOf(series);
        unmeasured = List.copyOf(unmeasured);
    }

    /** The series of a channel in a phase. */
    public Optional<EnergySeries> series(String channel, EnergySeries.Phase phase) {
        return series.stream()
                .filter(s -> s.phase() == phase && s.channel().id().equals(channel))
                .findFirst();
    }
}
