package io.rackmark.runner.run;

import io.rackmark.runner.energy.EnergyMetering;
import io.rackmark.runner.measure.HostFacts;
import io.rackmark.runner.plan.EnergyPlan;
import io.rackmark.runner.plan.PlanException;
import io.rackmark.runner.plan.SchedulePlan;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Environment;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.Property;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.store.HostLock;
import io.rackmark.runner.store.ResultStore;
import io.rackmark.runner.store.RunClaim;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Executes a resolved plan cell by cell. Holds the host's lock and the run's claim meanwhile; every
 * finished request is durable before the next begins, so that killing this process loses at most
 * the one in flight.
 */
public final class Benchmark {
    /** Often enough for a person who watches the wait. */
    private static final Duration TICK = Duration.ofSeconds(1);

    private final ResultStore store;
    private final EngineInventory engines;
    private final Home home;
    private final RunView view;
    private final ProbeTime time;

    public Benchmark(ResultStore store, EngineInventory engines, Home home, RunView view) {
        this(store, engines, home, view, ProbeTime.SYSTEM);
    }

    /** A benchmark with a wall clock of the caller's. */
    public Benchmark(
            ResultStore store, EngineInventory engines, Home home, RunView view, ProbeTime time) {
        this.store = store;
        this.engines = engines;
        this.home = home;
        this.view = view;
        this.time = time;
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
                            time.clock().instant(),
                            null,
                            RunRecord.State.RUNNING,
                            PlanJson.write(plan.plan()),
                            plan.subjects(),
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
        if (!plan.subjects().equals(run.systems())) {
            throw new PlanException(
                    List.of(
                            "run %s was begun with other weights or endpoints than the ones found now%s; begin a new run"
                                    .formatted(
                                            run.id(),
                                            plan.skipped().isEmpty()
                                                    ? ""
                                                    : " ("
                                                            + String.join("; ", plan.skipped())
                                                            + ")")));
        }
        if (retryFailed && plan.plan().schedule() != null) {
            throw new PlanException(
                    List.of(
                            "the time of the failed probes of run %s is over; go on without --retry-failed"
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
            NavigableMap<Integer, List<CellRecord>> left =
                    store.cells(run.id()).stream()
                            .filter(cell -> unfinished(cell, retryFailed))
                            .collect(
                                    Collectors.groupingBy(
                                            cell -> cell.key().repeat(),
                                            TreeMap::new,
                                            Collectors.toList()));
            view.begun(run, left.values().stream().mapToInt(List::size).sum());
            CellExecutor executor = new CellExecutor(plan, engines, home, view, guard, meters);
            @Nullable SchedulePlan planned = plan.plan().schedule();
            @Nullable ProbeSchedule schedule =
                    planned == null ? null : ProbeSchedule.of(run.started(), planned);
            while (!left.isEmpty()) {
                if (schedule != null) {
                    await(schedule, left, guard);
                }
                for (CellRecord cell : left.pollFirstEntry().getValue()) {
                    executor.run(cell.key(), time.clock().instant());
                }
            }
            guard.done(EnergySetup.importWall(plan.plan().energy(), store, run.id()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return store.find(run.id());
    }

    /** Waits until the next probe is due, and drops those that it has made too late. */
    private void await(
            ProbeSchedule schedule, NavigableMap<Integer, List<CellRecord>> left, RunGuard guard)
            throws InterruptedException {
        ProbeSchedule.Step step = schedule.next(time.clock().instant(), left.navigableKeySet());
        for (int probe : step.dropped()) {
            Property due =
                    new Property(
                            CellRecord.DUE,
                            schedule.due(probe).truncatedTo(ChronoUnit.SECONDS).toString());
            for (CellRecord cell : Objects.requireNonNull(left.remove(probe))) {
                CellRecord dropped = CellRecord.dropped(cell.key()).with(due);
                guard.cell(dropped);
                view.cellEnded(dropped);
            }
        }
        Instant due = schedule.due(step.probe());
        for (Duration wait = wait(due); wait.isPositive(); wait = wait(due)) {
            view.waiting(step.probe(), schedule.probes(), due, wait);
            time.waiter().sleep(wait.compareTo(TICK) < 0 ? wait : TICK);
        }
    }

    private Duration wait(Instant due) {
        return Duration.between(time.clock().instant(), due);
    }

    private static boolean unfinished(CellRecord cell, boolean retryFailed) {
        return switch (cell.state()) {
            case PENDING, RUNNING -> true;
            case FAILED -> retryFailed;
            case DONE, DROPPED -> false;
        };
    }
}
