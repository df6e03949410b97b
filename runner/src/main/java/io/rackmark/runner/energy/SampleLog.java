package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergySeries;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The samples of one meter as they come. Used by one thread at a time. */
final class SampleLog {
    /** Monotonic time in nanoseconds. */
    @FunctionalInterface
    interface Ticker {
        long nanos();
    }

    private final Meter meter;
    private final Ticker ticker;
    private final List<EnergyChannel> channels;
    private final List<List<Long>> stamps = new ArrayList<>(); // [channels][samples]
    private final List<List<Long>> values = new ArrayList<>(); // [channels][samples]
    private final long startNanos;

    SampleLog(Meter meter, Ticker ticker) {
        this.meter = meter;
        this.ticker = ticker;
        this.channels = meter.channels();
        this.startNanos = ticker.nanos();
        channels.forEach(
                _ -> {
                    stamps.add(new ArrayList<>());
                    values.add(new ArrayList<>());
                });
    }

    Meter meter() {
        return meter;
    }

    /** Reads the meter once; the stamp is the middle of the reading. */
    void take(long workerPid) {
        long before = ticker.nanos();
        List<@Nullable Long> read = meter.read(workerPid);
        long stamp = before + (ticker.nanos() - before) / 2 - startNanos;
        for (int i = 0; i < channels.size(); i++) {
            @Nullable Long value = read.get(i);
            if (value != null) {
                stamps.get(i).add(stamp);
                values.get(i).add(value);
            }
        }
    }

    /** What was sampled so far; channels without a sample are left out. */
    List<EnergySeries> series(EnergySeries.Phase phase) {
        List<EnergySeries> series = new ArrayList<>();
        for (int i = 0; i < channels.size(); i++) {
            if (!stamps.get(i).isEmpty()) {
                series.add(
                        new EnergySeries(
                                channels.get(i), phase, startNanos, stamps.get(i), values.get(i)));
            }
        }
        return series;
    }
}
