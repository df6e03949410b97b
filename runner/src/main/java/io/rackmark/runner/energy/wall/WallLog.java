package io.rackmark.runner.energy.wall;

import io.rackmark.runner.result.EnergyChannel.Quantity;
import java.time.Instant;
import java.util.List;

/**
 * What a wall meter logged.
 *
 * @param column name of the column it was read from
 * @param quantity {@code POWER_MICROWATTS} or {@code ENERGY_MICROJOULES}
 * @param epochNanos of each sample, nanoseconds since 1970 UTC, ascending; at least one
 * @param values in the quantity's unit
 */
public record WallLog(String column, Quantity quantity, List<Long> epochNanos, List<Long> values) {
    private static final long NANOS_PER_S = 1_000_000_000;

    public WallLog {
        epochNanos = List.copyOf(epochNanos);
        values = List.copyOf(values);
        if (epochNanos.isEmpty() || epochNanos.size() != values.size()) {
            throw new IllegalArgumentException(
                    "%d stamps, %d values".formatted(epochNanos.size(), values.size()));
        }
    }

    public Instant first() {
        return instant(epochNanos.getFirst());
    }

    public Instant last() {
        return instant(epochNanos.getLast());
    }

    static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(
                Math.floorDiv(epochNanos, NANOS_PER_S), Math.floorMod(epochNanos, NANOS_PER_S));
    }

    static long epochNanos(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_S), instant.getNano());
    }
}
