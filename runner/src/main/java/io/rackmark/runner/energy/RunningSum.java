package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import java.util.OptionalDouble;

/** Gross energy of one channel since its first reading; keeps no samples. */
final class RunningSum {
    private static final double NANOS_PER_S = 1e9;

    private final EnergyChannel channel;
    private boolean read;
    private long lastNanos;
    private long last;
    private double microjoules;

    RunningSum(EnergyChannel channel) {
        this.channel = channel;
    }

    EnergyChannel channel() {
        return channel;
    }

    /**
     * Takes a reading. A counter that was reset begins anew; power is integrated by trapezoids,
     * except over a gap too long to know it.
     */
    synchronized void take(long nanos, long value) {
        if (read) {
            microjoules += Math.max(0, grown(nanos, value));
        }
        read = true;
        lastNanos = nanos;
        last = value;
    }

    private double grown(long nanos, long value) {
        if (channel.quantity() == Quantity.ENERGY_MICROJOULES) {
            return CounterSteps.step(last, value, channel.wrap());
        }
        double seconds = (nanos - lastNanos) / NANOS_PER_S;
        return seconds > WindowEnergy.LONGEST_GAP_SECONDS ? 0 : (last + value) / 2.0 * seconds;
    }

    /** Empty before the first reading. */
    synchronized OptionalDouble joules() {
        return read ? OptionalDouble.of(microjoules / 1e6) : OptionalDouble.empty();
    }
}
