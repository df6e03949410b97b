package io.rackmark.runner.energy;

import org.jspecify.annotations.Nullable;

/** Steps of a counter that may begin again at 0. */
final class CounterSteps {
    private CounterSteps() {}

    /**
     * How far a counter went between two readings; negative when it stepped back and cannot wrap.
     *
     * @param wrap greatest value before it begins again at 0 (powercap: max_energy_range_uj); null
     *     when it never does
     */
    static long step(long before, long after, @Nullable Long wrap) {
        return after >= before || wrap == null || before > wrap
                ? after - before
                : wrap - before + after;
    }
}
