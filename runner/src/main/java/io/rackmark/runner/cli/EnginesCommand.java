package io.rackmark.runner.cli;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Device;
import io.rackmark.engine.EngineDescription;
import io.rackmark.engine.Fact;
import io.rackmark.engine.OptionSpec;
import io.rackmark.engine.Precision;
import io.rackmark.runner.run.EngineInventory;
import io.rackmark.runner.run.EngineReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rackmark engines}: what is installed and whether it runs here. */
@Command(
        name = "engines",
        mixinStandardHelpOptions = true,
        description = "List the engines, whether each can run here, and their options.")
final class EnginesCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private Places places;

    @Option(names = "--json", description = "print as JSON")
    private boolean json;

    EnginesCommand() {}

    @Override
    public Integer call() {
        EngineInventory engines = new EngineInventory(places.home());
        List<EngineReport> reports =
                engines.ids().stream().map(id -> engines.report(id, Map.of())).toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Json.print(out, reports);
        } else {
            reports.forEach(report -> print(out, report));
        }
        return ExitCode.DONE;
    }

    private static void print(PrintWriter out, EngineReport report) {
        EngineDescription engine = report.description();
        out.printf("%s  (%s)%n", engine.id(), engine.title());
        out.println("  " + Terminal.safe(engine.help()));
        switch (report.availability()) {
            case Availability.Available(String version, List<Device> devices, List<Fact> facts) -> {
                out.printf(
                        "  runs here: version %s on %s%n",
                        Terminal.safe(version),
                        devices.stream()
                                .map(d -> d.id() + " (" + d.name() + ")")
                                .collect(Collectors.joining(", ")));
                facts.forEach(f -> out.printf("    %s: %s%n", f.name(), Terminal.safe(f.value())));
            }
            case Availability.Unavailable(String reason, String remedy) ->
                    out.printf(
                            "  cannot run here: %s%n  remedy: %s%n",
                            Terminal.safe(reason), Terminal.safe(remedy));
        }
        out.println(
                "  precisions: "
                        + engine.precisions().stream()
                                .map(Precision::label)
                                .collect(Collectors.joining(", ")));
        for (OptionSpec option : engine.options()) {
            out.printf(
                    "  --option %s=%s%s: %s%n",
                    option.name(),
                    option.kind(),
                    option.defaultValue() == null ? "" : " (" + option.defaultValue() + ")",
                    option.help());
        }
    }
}
