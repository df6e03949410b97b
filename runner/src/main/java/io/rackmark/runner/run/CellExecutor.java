package io.rackmark.runner.run;

import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.worker.WorkerSpec;
import io.rackmark.runner.energy.EnergyMetering;
import io.rackmark.runner.measure.CellRunner;
import io.rackmark.runner.measure.CellSpec;
import io.rackmark.runner.measure.EquivalenceProbe;
import io.rackmark.runner.measure.Progress;
import io.rackmark.runner.measure.QueuedSink;
import io.rackmark.runner.measure.ResultSink;
import io.rackmark.runner.plan.AgentPlan;
import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.plan.ServerPlan;
import io.rackmark.runner.plan.SpeedPlan;
import io.rackmark.runner.plan.SqlPlan;
import io.rackmark.runner.remote.Pacers;
import io.rackmark.runner.remote.RemoteCellRunner;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.LifeCycle.PageCache;
import io.rackmark.runner.server.ServerSpec;
import io.rackmark.runner.workload.AgentWorkload;
import io.rackmark.runner.workload.LoadWorkload;
import io.rackmark.runner.workload.SpeedWorkload;
import io.rackmark.runner.workload.SqlInputs;
import io.rackmark.runner.workload.SqlWorkload;
import io.rackmark.runner.workload.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the cells of one resolved plan, wherever their systems are. */
final class CellExecutor {
    private final ResolvedPlan plan;
    private final EngineInventory engines;
    private final Home home;
    private final RunView view;
    private final RunGuard guard;
    private final EnergyMetering meters;
    private final Map<String, ResolvedSystem> systems;
    private final Map<String, ResolvedRemote> remotes;
    private final Map<String, EquivalenceProbe> probes;
    private final Pacers pacers = new Pacers();

    CellExecutor(
            ResolvedPlan plan,
            EngineInventory engines,
            Home home,
            RunView view,
            RunGuard guard,
            EnergyMetering meters) {
        this.plan = plan;
        this.engines = engines;
        this.home = home;
        this.view = view;
        this.guard = guard;
        this.meters = meters;
        this.systems =
                plan.systems().stream()
                        .collect(Collectors.toMap(s -> s.system().id(), Function.identity()));
        this.remotes =
                plan.remotes().stream()
                        .collect(Collectors.toMap(r -> r.system().id(), Function.identity()));
        this.probes = probes(plan);
    }

    /** One per checkpoint, so that its exact logits are computed once. */
    private Map<String, EquivalenceProbe> probes(ResolvedPlan plan) {
        return plan.systems().stream()
                .collect(
                        Collectors.toMap(
                                s -> s.system().modelSha256(),
                                s ->
                                        new EquivalenceProbe(
                                                ExactLogits.of(
                                                        s.files().checkpoint(),
                                                        s.system().modelSha256(),
                                                        home)),
                                (first, _) -> first));
    }

    /**
     * Runs one cell to its end, whatever that is.
     *
     * @param now when it begins, for its record
     */
    void run(CellKey key, Instant now) {
        BegunSink sink = new BegunSink(guard, now);
        Workload workload = workload(key);
        view.cellBegun(key, workload.steps());
        Progress progress = guard.progress(key);
        sink.cell(
                new CellRecord(
                        key, CellRecord.State.RUNNING, null, null, null, List.of(), List.of()));
        if (!(workload instanceof AgentWorkload)) {
            view.cellEnded(run(key, workload, progress, sink));
            return;
        }
        CellRecord record;
        try (QueuedSink queue = new QueuedSink(sink)) {
            record = run(key, workload, progress, queue);
        }
        view.cellEnded(record);
    }

    private CellRecord run(CellKey key, Workload workload, Progress progress, ResultSink sink) {
        ResolvedRemote remote = remotes.get(key.system());
        return remote == null
                ? local(key, workload, progress, sink)
                : remote(remote, key, workload, progress, sink);
    }

    private CellRecord remote(
            ResolvedRemote remote,
            CellKey key,
            Workload workload,
            Progress progress,
            ResultSink sink) {
        ServedCell.Work work =
                (target, records) -> {
                    RemoteCellRunner runner = new RemoteCellRunner(records, view, pacers);
                    return switch (workload) {
                        case SqlWorkload sql -> runner.sql(target, key, sql, progress);
                        case AgentWorkload agent -> runner.agent(target, key, agent, progress);
                        default ->
                                runner.speed(
                                        target,
                                        key,
                                        Objects.requireNonNull(plan.plan().speed()),
                                        progress);
                    };
                };
        ServerPlan server = Objects.requireNonNull(remote.plan().remote()).server();
        if (server == null) {
            return work.run(remote.target(), sink);
        }
        ServerSpec spec = ServerSpec.of(server, home.cache().resolve("servers"));
        return new ServedCell(key, spec, sink, view, meters.cell(key, progress.attempt()))
                .run(remote.target(), work);
    }

    private CellRecord local(CellKey key, Workload workload, Progress progress, ResultSink sink) {
        ResolvedSystem system = Objects.requireNonNull(systems.get(key.system()));
        WorkerSpec worker = engines.spec(system.system().engine(), system.plan().options());
        CellSpec spec =
                new CellSpec(
                        key,
                        worker,
                        system.files(),
                        load(plan.plan(), system.load(), key),
                        key.workload().equals("speed") ? PageCache.COLD : PageCache.WARM,
                        key.repeat() == 1 && key.workload().equals(firstWorkload(plan.plan()))
                                ? probes.get(system.system().modelSha256())
                                : null);
        return new CellRunner(sink, view, meters).run(spec, workload, progress);
    }

    /** Slots beyond one would only take memory where requests come one by one. */
    private static LoadOptions load(Plan plan, LoadOptions load, CellKey key) {
        @Nullable SpeedPlan speed = plan.speed();
        @Nullable AgentPlan agent = plan.agent();
        int slots =
                switch (key.workload()) {
                    case "speed", "load" -> speed == null ? 1 : speed.slots();
                    case "agent" -> agent == null ? 1 : agent.slots();
                    default -> 1;
                };
        return new LoadOptions(load.contextTokens(), slots, load.threads(), load.device());
    }

    private static String firstWorkload(Plan plan) {
        return Stream.of(
                        plan.speed() == null ? "" : "speed",
                        plan.sql() == null ? "" : "sql",
                        "agent")
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private Workload workload(CellKey key) {
        return switch (key.workload()) {
            case "load" -> new LoadWorkload(Objects.requireNonNull(plan.plan().speed()));
            case "speed" -> new SpeedWorkload(Objects.requireNonNull(plan.plan().speed()));
            case "sql" -> {
                SqlPlan sql = Objects.requireNonNull(plan.plan().sql());
                yield new SqlWorkload(Objects.requireNonNull(plan.sql()), AgentKnobs.of(sql));
            }
            case "agent" -> {
                AgentPlan agent = Objects.requireNonNull(plan.plan().agent());
                SqlInputs inputs = Objects.requireNonNull(plan.agent());
                yield new AgentWorkload(
                        inputs, AgentKnobs.of(agent.sql()), agent.concurrency(), agent.rounds());
            }
            default -> throw new IllegalStateException("no workload " + key.workload());
        };
    }
}
