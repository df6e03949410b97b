package io.rackmark.runner.run;

import io.rackmark.runner.energy.EnergyMetering;
import io.rackmark.runner.energy.MeterSetup;
import io.rackmark.runner.energy.Meters;
import io.rackmark.runner.energy.wall.WallCsv;
import io.rackmark.runner.energy.wall.WallCsvException;
import io.rackmark.runner.energy.wall.WallImport;
import io.rackmark.runner.energy.wall.WallLog;
import io.rackmark.runner.plan.EnergyPlan;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.store.ResultStore;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From the plan's words on energy to meters and logs. */
final class EnergySetup {
    private EnergySetup() {}

    static EnergyMetering open(EnergyPlan plan) {
        return EnergyMetering.open(setup(plan), plan.idleSeconds());
    }

    /** One sentence per meter or log that the plan names but that cannot be used. */
    static List<String> faults(EnergyPlan plan) {
        List<String> faults = new ArrayList<>(Meters.faults(setup(plan)));
        faults.addAll(wallFaults(plan));
        return faults;
    }

    /** What is wrong with the log that the plan names. */
    static List<String> wallFaults(EnergyPlan plan) {
        @Nullable String wallCsv = plan.wallCsv();
        try {
            if (wallCsv != null) {
                WallLog _ = read(wallCsv);
            }
            return List.of();
        } catch (WallCsvException e) {
            return e.faults();
        }
    }

    /** The run's cautions, with those about energy in place of earlier ones. */
    static List<Flag> flags(RunRecord run, List<Flag> energy) {
        return Stream.concat(
                        run.flags().stream().filter(flag -> flag.kind() != Flag.Kind.ENERGY),
                        energy.stream())
                .toList();
    }

    /**
     * Adds the wall meter's log, as it is now, to every cell of the run.
     *
     * @return a caution when the log does not tell of the run
     */
    static List<Flag> importWall(EnergyPlan plan, ResultStore store, String runId) {
        @Nullable String wallCsv = plan.wallCsv();
        if (wallCsv == null) {
            return List.of();
        }
        try {
            WallImport wall = new WallImport(read(wallCsv));
            List<EnergyRecord> records = store.energy(runId).stream().map(wall::with).toList();
            records.forEach(record -> store.energy(runId, record));
            return records.stream()
                    .flatMap(record -> record.unmeasured().stream())
                    .filter(missing -> missing.meter().equals(WallImport.METER))
                    .map(missing -> caution(missing.reason()))
                    .limit(1)
                    .toList();
        } catch (WallCsvException e) {
            return List.of(caution(e.faults().getFirst()));
        }
    }

    private static Flag caution(String reason) {
        return new Flag(
                Flag.Kind.ENERGY,
                "The wall meter's log was not used for every cell: %s. Put it right and give it to 'rackmark run --resume RUN --wall-csv FILE'."
                        .formatted(reason));
    }

    private static WallLog read(String file) {
        return WallCsv.read(Path.of(file), ZoneId.systemDefault());
    }

    private static MeterSetup setup(EnergyPlan plan) {
        return MeterSetup.host(plan.meters(), plan.tdpWatts());
    }
}
