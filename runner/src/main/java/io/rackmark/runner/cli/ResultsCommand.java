package io.rackmark.runner.cli;

import io.rackmark.runner.report.RunReport;
import io.rackmark.runner.report.RunSummary;
import io.rackmark.runner.report.SystemDetails;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.run.ResultLookup;
import io.rackmark.runner.store.ResultStore;
import io.rackmark.runner.store.RunExport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rackmark results}: stored runs. */
@Command(
        name = "results",
        mixinStandardHelpOptions = true,
        description = "Look at stored runs and export them.")
final class ResultsCommand implements Runnable {
    @Spec private CommandSpec spec;

    ResultsCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say which: list, show or export");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List all runs.")
    int list(
            @Mixin Places places,
            @Option(names = "--json", description = "print as JSON") boolean json) {
        PrintWriter out = spec.commandLine().getOut();
        try (ResultStore store = ResultStore.openExisting(places.home().store())) {
            List<RunRecord> runs = store.runs();
            if (json) {
                Json.print(out, runs);
            } else if (runs.isEmpty()) {
                out.println("No runs yet; begin with:  rackmark run");
            } else {
                out.println(
                        Tables.of(
                                runs,
                                List.of(
                                        Tables.text("run", RunRecord::id),
                                        Tables.text("started (UTC)", r -> minute(r.started())),
                                        Tables.number("took", ResultsCommand::took),
                                        Tables.text(
                                                "state",
                                                r ->
                                                        r.state()
                                                                .name()
                                                                .toLowerCase(
                                                                        java.util.Locale.ROOT)),
                                        Tables.number("systems", r -> "" + r.systems().size()),
                                        Tables.text("cpu", r -> r.environment().cpu()))));
            }
        }
        return ExitCode.DONE;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show one run: its table, every figure, failures and questions.")
    int show(
            @Mixin Places places,
            @Parameters(
                            arity = "0..1",
                            defaultValue = "latest",
                            paramLabel = "RUN",
                            description = "id, beginning of an id, or latest")
                    String id,
            @Option(names = "--json", description = "print as JSON") boolean json) {
        PrintWriter out = spec.commandLine().getOut();
        try (ResultStore store = ResultStore.openExisting(places.home().store())) {
            RunRecord run = store.find(id);
            RunSummary summary = ResultLookup.summary(store, run);
            if (json) {
                Json.print(out, summary);
            } else {
                out.printf(
                        "Run %s, %s%n",
                        run.id(), run.state().name().toLowerCase(java.util.Locale.ROOT));
                out.print(RunReport.of(summary));
                out.print(Terminal.safe(SystemDetails.of(summary, store.questions(run.id()))));
            }
        }
        return ExitCode.DONE;
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = {
                "Write a run with all its raw records as JSON.",
                "The format is results/schema/run-v1.schema.json."
            })
    int export(
            @Mixin Places places,
            @Parameters(
                            arity = "0..1",
                            defaultValue = "latest",
                            paramLabel = "RUN",
                            description = "id, beginning of an id, or latest")
                    String id,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "file to write; default: standard output")
                    @Nullable Path output) {
        PrintWriter out = spec.commandLine().getOut();
        try (ResultStore store = ResultStore.openExisting(places.home().store())) {
            RunRecord run = store.find(id);
            if (output == null) {
                RunExport.write(store, run.id(), out);
                out.println();
            } else {
                RunExport.write(store, run.id(), output);
                spec.commandLine().getErr().println("Wrote " + output);
            }
        }
        return ExitCode.DONE;
    }

    private static String minute(Instant instant) {
        return instant.toString().substring(0, 16).replace('T', ' ');
    }

    private static String took(RunRecord run) {
        return Optional.ofNullable(run.ended())
                .map(end -> Duration.between(run.started(), end).toSeconds() + " s")
                .orElse("–");
    }
}
