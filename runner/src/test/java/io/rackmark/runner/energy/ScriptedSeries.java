package io.rackmark.runner.energy;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySeries.Phase;
import io.rackmark.runner.result.EnergySource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Series with known joules. Milliseconds are the unit of time here. */
public final class ScriptedSeries {
    public static final CellKey CELL = new CellKey("e/m/f16", "speed", 1);

    /** Any start but 0: stamps count from it. */
    public static final long START = -7_000_000_000L;

    private static final long MS = 1_000_000;

    private ScriptedSeries() {}

    public static EnergyChannel channel(EnergySource source, String device, Quantity quantity) {
        return new EnergyChannel(
                source.id() + "/" + device + "/" + quantity,
                source,
                device,
                device,
                quantity,
                null);
    }

    /** A series sampled every {@code step} ms from 0 to {@code end} ms inclusive. */
    public static EnergySeries series(
            EnergyChannel channel, Phase phase, int step, int end, LongUnaryOperator valueAtMs) {
        List<Long> stamps = new ArrayList<>();
        List<Long> values = new ArrayList<>();
        for (long ms = 0; ms <= end; ms += step) {
            stamps.add(ms * MS);
            values.add(valueAtMs.applyAsLong(ms));
        }
        return new EnergySeries(channel, phase, START, stamps, values);
    }

    /** A counter under constant power. */
    public static EnergySeries counter(EnergySource source, int watts, int end) {
        EnergyChannel channel = channel(source, "d0", Quantity.ENERGY_MICROJOULES);
        return series(channel, Phase.LOAD, 100, end, ms -> 5_000 + ms * watts * 1000);
    }

    /** Milliseconds after the start. */
    public static Span span(int fromMs, int toMs) {
        return new Span(START + fromMs * MS, START + toMs * MS);
    }

    public static EnergyRecord record(@Nullable Span idle, List<EnergySeries> series) {
        return new EnergyRecord(
                CELL, 1, Instant.EPOCH, START, idle, span(0, 60_000), series, List.of());
    }
}
