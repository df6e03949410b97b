package io.rackmark.runner.cli;

import io.rackmark.runner.plan.EnergyPlan;
import io.rackmark.runner.plan.Plan;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of the energy measurement; each overrides its plan key. */
final class EnergyFlags {
    @Option(
            names = "--meters",
            split = ",",
            paramLabel = "M",
            description =
                    "auto, none, or rapl, nvml, hwmon, ipmi; see 'rackmark doctor' (plan:"
                            + " energy.meters)")
    private List<String> meters = List.of();

    @Option(
            names = "--tdp",
            paramLabel = "WATTS",
            description =
                    "estimate the CPUs' energy from their rated power, grade E (plan:"
                            + " energy.tdp-watts)")
    private @Nullable Integer tdpWatts;

    @Option(
            names = "--wall-csv",
            paramLabel = "FILE",
            description =
                    "import a wall meter's log; with --resume into a finished run, too (plan:"
                            + " energy.wall-csv)")
    private @Nullable Path wallCsv;

    @Option(
            names = "--idle-seconds",
            paramLabel = "N",
            description =
                    "idle baseline before each cell, 10 or more; 0: none (plan:"
                            + " energy.idle-seconds)")
    private @Nullable Integer idleSeconds;

    Plan override(Plan plan) {
        EnergyPlan energy = plan.energy();
        return wallCsv(
                plan.withEnergy(
                        new EnergyPlan(
                                meters.isEmpty() ? energy.meters() : meters,
                                tdpWatts == null ? energy.tdpWatts() : tdpWatts,
                                energy.wallCsv(),
                                idleSeconds == null ? energy.idleSeconds() : idleSeconds)));
    }

    boolean hasWallCsv() {
        return wallCsv != null;
    }

    /** A stored plan keeps its meters, but a log may be added when the run is over. */
    Plan wallCsv(Plan plan) {
        return wallCsv == null
                ? plan
                : plan.withEnergy(plan.energy().withWallCsv(wallCsv.toAbsolutePath().toString()));
    }
}
