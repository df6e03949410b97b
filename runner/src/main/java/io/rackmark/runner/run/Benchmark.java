package io.rackmark.runner.run;

import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.worker.WorkerSpec;
import io.rackmark.runner.energy.EnergyMetering;
import io.rackmark.runner.measure.CellRunner;
import io.rackmark.runner.measure.CellSpec;
import io.rackmark.runner.measure.EquivalenceProbe;
import io.rackmark.runner.measure.HostFacts;
import io.rackmark.runner.measure.Progress;
import io.rackmark.runner.plan.EnergyPlan;
import io.rackmark.runner.plan.PlanException;
import io.rackmark.runner.plan.SpeedPlan;
import io.rackmark.runner.plan.SqlPlan;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Environment;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.LifeCycle.PageCache;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.store.HostLock;
import io.rackmark.runner.store.ResultStore;
import io.rackmark.runner.store.RunClaim;
import io.rackmark.runner.workload.LoadWorkload;
import io.rackmark.runner.workload.SpeedWorkload;
import io.rackmark.runner.workload.SqlWorkload;
import io.rackmark.runner.workload.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Executes a resolved plan cell by cell. Holds the host's lock and the run's claim meanwhile; every
 * finished request is durable before the next begins, so that killing this process loses at most
 * the one in flight.
 */
public final class Benchmark {
    private final ResultStore store;
    private final EngineInventory engines;
    private final Home home;
    private final RunView view;

    public Benchmark(ResultStore store, EngineInventory engines, Home home, RunView view) {
        this.store = store;
        this.engines = engines;
        this.home = home;
        this.view = view;
    }

    /** Runs a plan from the beginning. */
    public RunRecord run(ResolvedPlan plan, String version) {
        try (HostLock _ = HostLock.acquire(home.cache())) {
            Environment environment = HostFacts.read();
            RunRecord run =
                    new RunRecord(
                            RunIds.next(),
                            Metrics.VERSION,
                            version,
                            Instant.now(),
                            null,
                            RunRecord.State.RUNNING,
                            PlanJson.write(plan.plan()),
                            plan.systems().stream().map(ResolvedSystem::system).toList(),
                            environment,
                            HostFacts.flags(environment));
            List<String> systems = run.systems().stream().map(s -> s.id()).toList();
            store.create(run, CellOrder.of(plan.plan(), systems));
            return cells(plan, run, false);
        }
    }

    /**
     * Runs what an interrupted run has not done.
     *
     * @param retryFailed whether cells that failed are run once more
     * @throws PlanException when the models are no longer the ones the run was begun with
     */
    public RunRecord resume(ResolvedPlan plan, RunRecord run, boolean retryFailed) {
        if (!plan.systems().stream().map(ResolvedSystem::system).toList().equals(run.systems())) {
            throw new PlanException(
                    List.of(
                            "run %s was begun with other weights than the ones found now; begin a new run"
                                    .formatted(run.id())));
        }
        try (HostLock _ = HostLock.acquire(home.cache())) {
            return cells(plan, run, retryFailed);
        }
    }

    /**
     * Adds the wall meter's log that the plan names to a run that is over.
     *
     * @throws PlanException when the log cannot be read
     */
    public RunRecord importWall(RunRecord run, EnergyPlan energy) {
        List<String> faults = EnergySetup.wallFaults(energy);
        if (!faults.isEmpty()) {
            throw new PlanException(faults);
        }
        try (RunClaim _ = store.claim(run.id())) {
            List<Flag> flags = EnergySetup.importWall(energy, store, run.id());
            store.state(run.id(), run.state(), run.ended(), EnergySetup.flags(run, flags));
            return store.find(run.id());
        }
    }

    private RunRecord cells(ResolvedPlan plan, RunRecord run, boolean retryFailed) {
        try (RunClaim _ = store.claim(run.id());
                RunGuard guard = new RunGuard(store, run);
                EnergyMetering meters = EnergySetup.open(plan.plan().energy())) {
            store.state(run.id(), RunRecord.State.RUNNING, null, run.flags());
            List<CellRecord> left =
                    store.cells(run.id()).stream()
                            .filter(cell -> unfinished(cell, retryFailed))
                            .toList();
            view.begun(run, left.size());
            Map<String, ResolvedSystem> systems =
                    plan.systems().stream()
                            .collect(Collectors.toMap(s -> s.system().id(), Function.identity()));
            Map<String, EquivalenceProbe> probes = probes(plan);
            for (CellRecord cell : left) {
                cell(
                        plan,
                        Objects.requireNonNull(systems.get(cell.key().system())),
                        cell.key(),
                        probes,
                        guard,
                        meters);
            }
            guard.done(EnergySetup.importWall(plan.plan().energy(), store, run.id()));
            return store.find(run.id());
        }
    }

    private static boolean unfinished(CellRecord cell, boolean retryFailed) {
        return switch (cell.state()) {
            case PENDING, RUNNING -> true;
            case FAILED -> retryFailed;
            case DONE -> false;
        };
    }

    /** One per checkpoint, so that its exact logits are computed once. */
    private static Map<String, EquivalenceProbe> probes(ResolvedPlan plan) {
        return plan.systems().stream()
                .collect(
                        Collectors.toMap(
                                s -> s.system().modelSha256(),
                                s -> new EquivalenceProbe(new ExactLogits(s.files().checkpoint())),
                                (first, _) -> first));
    }

    private void cell(
            ResolvedPlan plan,
            ResolvedSystem system,
            CellKey key,
            Map<String, EquivalenceProbe> probes,
            RunGuard guard,
            EnergyMetering meters) {
        Workload workload = workload(plan, key);
        Progress progress = guard.progress(key);
        view.cellBegun(key, workload.steps());
        guard.cell(
                new CellRecord(
                        key, CellRecord.State.RUNNING, null, null, null, List.of(), List.of()));
        WorkerSpec worker = engines.spec(system.system().engine(), system.plan().options());
        CellSpec spec =
                new CellSpec(
                        key,
                        worker,
                        system.files(),
                        load(plan, system, key),
                        key.workload().equals("speed") ? PageCache.COLD : PageCache.WARM,
                        key.repeat() == 1 && key.workload().equals(firstWorkload(plan))
                                ? probes.get(system.system().modelSha256())
                                : null);
        view.cellEnded(new CellRunner(guard, view, meters).run(spec, workload, progress));
    }

    /** Slots beyond one would only take memory where requests come one by one. */
    private static LoadOptions load(ResolvedPlan plan, ResolvedSystem system, CellKey key) {
        LoadOptions load = system.load();
        @Nullable SpeedPlan speed = plan.plan().speed();
        return speed == null || key.workload().equals("sql")
                ? load
                : new LoadOptions(
                        load.contextTokens(), speed.slots(), load.threads(), load.device());
    }

    private static String firstWorkload(ResolvedPlan plan) {
        return plan.plan().speed() == null ? "sql" : "speed";
    }

    private static Workload workload(ResolvedPlan plan, CellKey key) {
        if (!key.workload().equals("sql")) {
            SpeedPlan speed = Objects.requireNonNull(plan.plan().speed());
            return key.workload().equals("load")
                    ? new LoadWorkload(speed)
                    : new SpeedWorkload(speed);
        }
        SqlPlan sql = Objects.requireNonNull(plan.plan().sql());
        return new SqlWorkload(Objects.requireNonNull(plan.sql()), AgentKnobs.of(sql));
    }
}
