package io.rackmark.runner.energy;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.EnergyRecord.Unmeasured;
import java.util.List;
import java.util.stream.Stream;

/** The opened meters of a run. */
public final class EnergyMetering implements AutoCloseable {
    private final List<MeterFinding> found;
    private final List<Meter> meters;
    private final int idleSeconds;

    private EnergyMetering(List<MeterFinding> found, int idleSeconds) {
        this.found = List.copyOf(found);
        this.meters = found.stream().map(MeterFinding::opened).flatMap(Stream::ofNullable).toList();
        this.idleSeconds = idleSeconds;
    }

    /** Opens the meters that are wanted and can be read. */
    public static EnergyMetering open(MeterSetup setup, int idleSeconds) {
        return new EnergyMetering(Meters.wanted(setup), idleSeconds);
    }

    /** The given meters, for tests. */
    static EnergyMetering of(List<MeterFinding> found, int idleSeconds) {
        return new EnergyMetering(found, idleSeconds);
    }

    /** Begins a cell; takes the idle baseline when there are meters and one is asked for. */
    public CellMetering cell(CellKey key, int attempt) {
        List<Unmeasured> unmeasured =
                found.stream()
                        .filter(f -> f.state() != MeterFinding.State.USABLE)
                        .map(f -> new Unmeasured(f.meter(), f.message()))
                        .toList();
        CellMetering cell = new CellMetering(key, attempt, meters, unmeasured);
        if (idleSeconds > 0 && !meters.isEmpty()) {
            cell.idle(idleSeconds);
        }
        return cell;
    }

    @Override
    public void close() {
        meters.forEach(Meter::close);
    }
}
