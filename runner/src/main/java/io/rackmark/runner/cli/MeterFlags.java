package io.rackmark.runner.cli;

import io.rackmark.runner.energy.MeterSetup;
import io.rackmark.runner.energy.Meters;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.EnergyPlan;
import io.rackmark.runner.plan.PlanCheck;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The meters that are read while a model is served. */
final class MeterFlags {
    @Option(
            names = "--meters",
            split = ",",
            paramLabel = "M",
            description =
                    "joules on /metrics: auto, none, or rapl, nvml, hwmon, ipmi; see 'rackmark"
                            + " doctor' (default: "
                            + Defaults.METERS
                            + ", all that can be read)")
    private List<String> meters = List.of();

    /**
     * @throws ParameterException for a meter that is unknown or cannot be read
     */
    MeterSetup setup(CommandSpec spec) {
        List<String> wanted = meters.isEmpty() ? Defaults.energy().meters() : meters;
        List<String> faults = new ArrayList<>(PlanCheck.faults(new EnergyPlan(wanted, 0, null, 0)));
        MeterSetup setup = MeterSetup.host(wanted, 0);
        faults.addAll(Meters.faults(setup));
        if (!faults.isEmpty()) {
            throw new ParameterException(spec.commandLine(), String.join("; ", faults));
        }
        return setup;
    }
}
