package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergySeries;
import java.util.Arrays;
import java.util.List;

/**
 * Energy since the first sample, at every instant up to the last. Counters are interpolated
 * linearly; power is integrated by trapezoids, so that inside a segment it runs linearly, too.
 */
final class EnergyCurve {
    private static final double NANOS_PER_S = 1e9;

    private final long[] nanos; // [samples], after the start of the series
    private final double[] microjoules; // [samples], since the first one
    private final double[] microwatts; // [samples], or [0] for a counter
    private final boolean steppedBack;

    private EnergyCurve(
            long[] nanos, double[] microjoules, double[] microwatts, boolean steppedBack) {
        this.nanos = nanos;
        this.microjoules = microjoules;
        this.microwatts = microwatts;
        this.steppedBack = steppedBack;
    }

    static EnergyCurve of(EnergySeries series) {
        long[] nanos = series.nanosAfterStart().stream().mapToLong(Long::longValue).toArray();
        return series.channel().quantity() == Quantity.ENERGY_MICROJOULES
                ? counter(nanos, series.values(), series.channel())
                : power(nanos, series.values());
    }

    private static EnergyCurve counter(long[] nanos, List<Long> values, EnergyChannel channel) {
        double[] sum = new double[nanos.length];
        boolean back = false;
        for (int i = 1; i < nanos.length; i++) {
            long step = CounterSteps.step(values.get(i - 1), values.get(i), channel.wrap());
            back |= step < 0;
            sum[i] = sum[i - 1] + step;
        }
        return new EnergyCurve(nanos, sum, new double[0], back);
    }

    private static EnergyCurve power(long[] nanos, List<Long> values) {
        double[] watts = values.stream().mapToDouble(Long::doubleValue).toArray();
        double[] sum = new double[nanos.length];
        for (int i = 1; i < nanos.length; i++) {
            double seconds = (nanos[i] - nanos[i - 1]) / NANOS_PER_S;
            sum[i] = sum[i - 1] + (watts[i - 1] + watts[i]) / 2 * seconds;
        }
        return new EnergyCurve(nanos, sum, watts, false);
    }

    /** Whether there are samples at or before and at or after both ends. */
    boolean covers(long from, long to) {
        return nanos.length > 1 && nanos[0] <= from && nanos[nanos.length - 1] >= to;
    }

    /** A counter that cannot wrap went down. */
    boolean steppedBack() {
        return steppedBack;
    }

    /** Longest time between neighbouring samples that touch the span. */
    long longestGapNanos(long from, long to) {
        long longest = 0;
        for (int i = 1; i < nanos.length; i++) {
            if (nanos[i] > from && nanos[i - 1] < to) {
                longest = Math.max(longest, nanos[i] - nanos[i - 1]);
            }
        }
        return longest;
    }

    /** Segments inside the span over which the energy grew. */
    int steps(long from, long to) {
        int steps = 0;
        for (int i = 1; i < nanos.length; i++) {
            if (nanos[i] > from && nanos[i - 1] < to && microjoules[i] != microjoules[i - 1]) {
                steps++;
            }
        }
        return steps;
    }

    /** Highest mean power of one segment that touches the span. */
    double highestWatts(long from, long to) {
        double highest = 0;
        for (int i = 1; i < nanos.length; i++) {
            if (nanos[i] > from && nanos[i - 1] < to && nanos[i] > nanos[i - 1]) {
                double seconds = (nanos[i] - nanos[i - 1]) / NANOS_PER_S;
                highest = Math.max(highest, (microjoules[i] - microjoules[i - 1]) / seconds / 1e6);
            }
        }
        return highest;
    }

    /** Joules between two stamps, both covered. */
    double joules(long from, long to) {
        return (at(to) - at(from)) / 1e6;
    }

    private double at(long when) {
        int found = Arrays.binarySearch(nanos, when);
        if (found >= 0) {
            return microjoules[found];
        }
        int after = -found - 1;
        int before = after - 1;
        double share = (double) (when - nanos[before]) / (nanos[after] - nanos[before]);
        if (microwatts.length == 0) {
            return microjoules[before] + share * (microjoules[after] - microjoules[before]);
        }
        double power = microwatts[before] + share * (microwatts[after] - microwatts[before]);
        double seconds = (when - nanos[before]) / NANOS_PER_S;
        return microjoules[before] + (microwatts[before] + power) / 2 * seconds;
    }
}
