package io.rackmark.runner.result;

import java.util.List;

/**
 * The raw samples of one channel in one phase of a cell.
 *
 * @param channel what was sampled
 * @param phase when
 * @param startNanos monotonic stamp that the others count from
 * @param nanosAfterStart stamp of each sample, ascending
 * @param values as the meter told them, as many as stamps
 */
public record EnergySeries(
        EnergyChannel channel,
        Phase phase,
        long startNanos,
        List<Long> nanosAfterStart,
        List<Long> values) {

    public enum Phase {
        /** Before the worker starts. */
        IDLE,
        /** From before the first request to after the last. */
        LOAD
    }

    public EnergySeries {
        nanosAfterStart = List.copyOf(nanosAfterStart);
        values = List.copyOf(values);
        if (nanosAfterStart.size() != values.size()) {
            throw new IllegalArgumentException(
                    "%d stamps for %d samples of %s"
                            .formatted(nanosAfterStart.size(), values.size(), channel.id()));
        }
    }
}
