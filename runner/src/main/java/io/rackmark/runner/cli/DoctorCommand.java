package io.rackmark.runner.cli;

import io.rackmark.runner.run.Checkup;
import io.rackmark.runner.run.Checkup.Finding;
import io.rackmark.runner.run.EndpointCheckup;
import io.rackmark.runner.run.RemoteStock;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rackmark doctor}: whether this machine can run and can be trusted to measure. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Check this machine: what a run needs, and what would spoil its figures.")
final class DoctorCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private Places places;

    @Option(
            names = "--probe",
            description =
                    "send one tiny request to every endpoint that has a key or an address here")
    private boolean probe;

    @Option(names = "--json", description = "print as JSON")
    private boolean json;

    DoctorCommand() {}

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>(Checkup.of(places.home()));
        findings.addAll(
                new EndpointCheckup(RemoteStock.find(places.home(), null), System.getenv())
                        .findings(probe));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Json.print(out, findings);
        } else {
            findings.forEach(
                    f ->
                            out.printf(
                                    "%s %-22s %s%n",
                                    switch (f.grade()) {
                                        case GOOD -> "✓";
                                        case ABSENT -> "–";
                                        case CAUTION -> "!";
                                        case BAD -> "✗";
                                    },
                                    f.subject(),
                                    Terminal.safe(f.message())));
        }
        return findings.stream().anyMatch(f -> f.grade() == Checkup.Grade.BAD)
                ? ExitCode.ENVIRONMENT
                : ExitCode.DONE;
    }
}
