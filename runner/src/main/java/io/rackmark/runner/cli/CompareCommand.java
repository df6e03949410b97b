package io.rackmark.runner.cli;

import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.plan.PlanException;
import io.rackmark.runner.report.CompareReport;
import io.rackmark.runner.report.Contrasts;
import io.rackmark.runner.report.RunSummary;
import io.rackmark.runner.report.SystemCost;
import io.rackmark.runner.report.SystemSummary;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.run.ResultLookup;
import io.rackmark.runner.run.StoredPlan;
import io.rackmark.runner.store.ResultStore;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rackmark compare}: which differences of a run are real, and what an answer costs. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Hold the systems of a run against one of them, and tell what an answer costs.",
            "Differences with intervals and verdicts; from which volume on this box is cheaper."
        },
        footer = {
            "",
            "Examples:",
            "  rackmark compare --baseline llamacpp/embedded/f16",
            "  rackmark compare --capex 2500 --watts 180 --kwh 0.15-0.35 --years 3-5"
        })
final class CompareCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Places places;

    @Parameters(
            arity = "0..1",
            paramLabel = "RUN",
            description = "id, beginning of an id, or latest")
    private String id = "latest";

    @Option(
            names = "--baseline",
            paramLabel = "SYSTEM",
            description = "system that the others are held against (default: the run's first)")
    private @Nullable String baseline;

    @Option(
            names = "--system",
            split = ",",
            paramLabel = "SYSTEM",
            description = "systems to compare with it (default: all)")
    private List<String> systems = List.of();

    @Option(names = "--json", description = "print as JSON")
    private boolean json;

    @ArgGroup(
            exclusive = false,
            heading = "%nCost of this box, each a number or a span, over the run's own:%n")
    private CostFlags cost = new CostFlags();

    CompareCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (ResultStore store = ResultStore.openExisting(places.home().store())) {
            RunRecord run = store.find(id);
            @Nullable CostInputs box = cost.inputs(StoredPlan.cost(run)).orElse(null);
            CompareReport report = report(store, run, box);
            if (json) {
                Json.print(out, report);
            } else {
                out.print(Terminal.safe(report.text()));
            }
        }
        return ExitCode.DONE;
    }

    private CompareReport report(ResultStore store, RunRecord run, @Nullable CostInputs box) {
        List<String> known = run.systems().stream().map(s -> s.id()).toList();
        String against = baseline == null ? known.getFirst() : known(baseline, known);
        List<String> chosen =
                systems.isEmpty() ? known : systems.stream().map(s -> known(s, known)).toList();
        RunSummary summary = ResultLookup.summary(store, run);
        List<SystemSummary> compared =
                summary.systems().stream()
                        .filter(
                                s ->
                                        chosen.contains(s.system().id())
                                                || s.system().id().equals(against))
                        .toList();
        List<QuestionRecord> questions = store.questions(run.id());
        List<SystemCost> costs = SystemCost.of(compared, questions, box);
        return new CompareReport(
                run.id(),
                against,
                Contrasts.of(store.requests(run.id()), questions, chosen, against),
                box,
                costs,
                SystemCost.volumes(costs, box));
    }

    private static String known(String system, List<String> known) {
        if (!known.contains(system)) {
            throw new PlanException(
                    List.of(
                            "the run has no system '%s'; it has: %s"
                                    .formatted(system, String.join(", ", known))));
        }
        return system;
    }
}
