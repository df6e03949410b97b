package io.rackmark.runner.cli;

import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.plan.PlanReader;
import io.rackmark.runner.plan.RemotePlan;
import io.rackmark.runner.plan.SchedulePlan;
import io.rackmark.runner.plan.SystemPlan;
import io.rackmark.runner.report.RunReport;
import io.rackmark.runner.report.RunSummary;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.run.Benchmark;
import io.rackmark.runner.run.EngineInventory;
import io.rackmark.runner.run.Home;
import io.rackmark.runner.run.ModelStock;
import io.rackmark.runner.run.RemoteStock;
import io.rackmark.runner.run.ResolvedPlan;
import io.rackmark.runner.run.Resolver;
import io.rackmark.runner.run.ResultLookup;
import io.rackmark.runner.run.SqlStock;
import io.rackmark.runner.run.StoredPlan;
import io.rackmark.runner.store.ResultStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rackmark run}: the main job. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Benchmark engines on a model: speed, memory, and the text-to-SQL agent's accuracy.",
            "Without arguments: the embedded model on every engine this machine has, about four"
                    + " minutes on two cores."
        })
final class RunCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private Places places;

    @Mixin private SystemFlags systems;

    @Mixin private EndpointFlags endpoints;

    @Mixin private WorkloadFlags workloads;

    @Mixin private ScheduleFlags schedule;

    @Mixin private EnergyFlags energy;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PLAN",
            description = "plan in YAML; flags override its keys")
    private @Nullable Path planFile;

    @Option(
            names = "--resume",
            arity = "0..1",
            paramLabel = "RUN",
            fallbackValue = "latest",
            description = "go on with an interrupted run: its id, or the latest")
    private @Nullable String resume;

    @Option(
            names = "--retry-failed",
            description = "with --resume: run the failed cells once more, too")
    private boolean retryFailed;

    @Option(
            names = "--require-all",
            description = "exit with 1 when a system had to be skipped, such as for want of a key")
    private boolean requireAll;

    @Option(
            names = "--providers",
            paramLabel = "FILE",
            description = "your providers (default: providers.yaml beside the launcher)")
    private @Nullable Path providers;

    @Option(names = "--dry-run", description = "check everything and say what would run")
    private boolean dryRun;

    @Option(names = "--json", description = "print the result as JSON")
    private boolean json;

    @Option(
            names = "--rpm",
            paramLabel = "N",
            description =
                    "requests per minute to keep to at endpoints (plan: systems[].rpm; default:"
                            + " what providers.yaml says)")
    private @Nullable Integer requestsPerMinute;

    @ArgGroup(
            exclusive = false,
            heading = "%nCost of this box, each a number or a span, for cost per query:%n")
    private CostFlags cost = new CostFlags();

    RunCommand() {}

    @Override
    public Integer call() {
        Home home = places.home();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        EngineInventory engines = new EngineInventory(home);
        try (ResultStore store = ResultStore.open(home.store());
                ConsoleView view = new ConsoleView(err, Terminal.interactive())) {
            Benchmark benchmark = new Benchmark(store, engines, home, view);
            RunRecord run;
            boolean skipped = false;
            if (resume != null) {
                run = store.find(resume);
                Plan plan = energy.wallCsv(StoredPlan.of(run));
                boolean over = run.state() == RunRecord.State.DONE && !retryFailed;
                run =
                        over && energy.hasWallCsv()
                                ? benchmark.importWall(run, plan.energy())
                                : benchmark.resume(
                                        resolver(home, engines, view, s -> s).resolve(plan),
                                        run,
                                        retryFailed);
            } else {
                ResolvedPlan plan = resolver(home, engines, view, this::override).resolve(plan());
                plan.skipped().forEach(reason -> err.println("Skipped: " + reason));
                skipped = !plan.skipped().isEmpty();
                if (dryRun) {
                    return dryRun(plan, out);
                }
                run = benchmark.run(plan, Version.version());
            }
            view.finish();
            int code = print(ResultLookup.summary(store, run), home, out);
            return skipped && requireAll ? ExitCode.FAILED : code;
        }
    }

    private Resolver resolver(
            Home home,
            EngineInventory engines,
            ConsoleView view,
            UnaryOperator<SystemPlan> override) {
        return new Resolver(
                engines,
                new ModelStock(home, view),
                new SqlStock(home),
                RemoteStock.find(home, providers),
                override);
    }

    private SystemPlan override(SystemPlan system) {
        SystemPlan named = systems.override(system);
        @Nullable RemotePlan remote = named.remote();
        return requestsPerMinute == null || remote == null || remote.server() != null
                ? named
                : SystemPlan.remote(remote.withRequestsPerMinute(requestsPerMinute), named.model());
    }

    private Plan plan() {
        Plan given = planFile == null ? Defaults.plan() : PlanReader.read(planFile);
        List<SystemPlan> flagged =
                Stream.concat(
                                systems.systems().stream(),
                                endpoints.systems(systems.model()).stream())
                        .toList();
        Plan named = flagged.isEmpty() ? given : given.withSystems(flagged);
        Plan work = energy.override(workloads.override(named));
        Plan timed = schedule.override(work, workloads.repeated());
        return cost.inputs(Optional.ofNullable(timed.cost())).map(timed::withCost).orElse(timed);
    }

    private int dryRun(ResolvedPlan plan, PrintWriter out) {
        if (json) {
            Json.print(out, plan.plan());
        } else {
            out.println("Nothing is wrong with this plan. It would measure:");
            plan.subjects().forEach(s -> out.println("  " + s.id()));
            @Nullable SchedulePlan probes = plan.plan().schedule();
            if (probes != null) {
                out.printf(
                        "in %d probes, one every %d s%n", probes.probes(), probes.everySeconds());
            }
        }
        return ExitCode.DONE;
    }

    private int print(RunSummary summary, Home home, PrintWriter out) {
        if (json) {
            Json.print(out, summary);
        } else {
            out.print(RunReport.of(summary));
            out.printf("%nStored as run %s in %s%n", summary.run().id(), home.store());
            out.println("Next:  rackmark results show " + summary.run().id());
        }
        boolean failed = summary.systems().stream().anyMatch(s -> !s.failures().isEmpty());
        return failed ? ExitCode.FAILED : ExitCode.DONE;
    }
}
