package io.rackmark.runner.run;

import io.rackmark.data.DataException;
import io.rackmark.engine.Availability;
import io.rackmark.engine.EngineDescription;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import io.rackmark.engine.remote.provider.Providers;
import io.rackmark.engine.worker.WorkerException;
import io.rackmark.model.ModelException;
import io.rackmark.runner.plan.AgentPlan;
import io.rackmark.runner.plan.AllSkippedException;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.plan.PlanCheck;
import io.rackmark.runner.plan.PlanException;
import io.rackmark.runner.plan.SpeedPlan;
import io.rackmark.runner.plan.SqlPlan;
import io.rackmark.runner.plan.SystemPlan;
import io.rackmark.runner.result.SpeedCase;
import io.rackmark.runner.result.SystemUnderTest;
import io.rackmark.runner.workload.SqlInputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds a plan against this machine: engines, options, models, precisions, questions and database
 * must all exist before anything is measured. Gathers every fault, then fails once.
 */
public final class Resolver {
    private final EngineInventory engines;
    private final ModelStock models;
    private final SqlStock questions;
    private final UnaryOperator<SystemPlan> override;
    private final RemoteStock endpoints;
    private final List<String> faults = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    /**
     * A resolver for one plan.
     *
     * @param override applied to every system, to those of the default plan too
     */
    public Resolver(
            EngineInventory engines,
            ModelStock models,
            SqlStock questions,
            UnaryOperator<SystemPlan> override) {
        this(
                engines,
                models,
                questions,
                new RemoteStock(Providers.builtIn(), System.getenv()),
                override);
    }

    /**
     * A resolver that knows these endpoints.
     *
     * @param override applied to every system, to those of the default plan too
     */
    public Resolver(
            EngineInventory engines,
            ModelStock models,
            SqlStock questions,
            RemoteStock endpoints,
            UnaryOperator<SystemPlan> override) {
        this.endpoints = endpoints;
        this.override = override;
        this.engines = engines;
        this.models = models;
        this.questions = questions;
    }

    /**
     * Resolves a plan; models are converted last, when everything else is in order.
     *
     * @throws PlanException with every fault
     */
    public ResolvedPlan resolve(Plan plan) {
        List<SystemPlan> chosen =
                plan.systems().isEmpty()
                        ? everyEngine()
                        : plan.systems().stream().map(override).toList();
        faults.addAll(PlanCheck.faults(plan.withSystems(chosen)));
        faults.addAll(EnergySetup.faults(plan.energy()));
        failOnFaults();
        List<SystemPlan> local = chosen.stream().filter(s -> s.remote() == null).toList();
        List<ResolvedRemote> remotes =
                chosen.stream()
                        .filter(s -> s.remote() != null)
                        .flatMap(s -> endpoints.resolve(s, faults, skipped).stream())
                        .toList();
        List<SystemPlan> single = new ArrayList<>();
        local.forEach(system -> single.addAll(checked(system)));
        @Nullable SpeedPlan speed = plan.speed();
        if (speed != null && faults.isEmpty()) {
            local.forEach(system -> requireRoom(system, speed));
        }
        @Nullable AgentPlan agent = plan.agent();
        if (plan.sql() != null || agent != null) {
            local.forEach(this::refuseRandomAnswers);
        }
        @Nullable SqlInputs sql = inputs(plan.sql());
        @Nullable SqlInputs agents = inputs(agent == null ? null : agent.sql());
        duplicates(single, remotes);
        if (faults.isEmpty() && single.isEmpty() && remotes.isEmpty()) {
            if (local.isEmpty() && !chosen.isEmpty()) {
                throw new AllSkippedException(skipped);
            }
            faults.add(
                    "nothing can run here: "
                            + (skipped.isEmpty()
                                    ? "none is installed"
                                    : String.join("; ", skipped)));
        }
        failOnFaults();
        List<ResolvedSystem> systems =
                single.stream().flatMap(s -> guarded(() -> resolved(s)).stream()).toList();
        failOnFaults();
        remotes.forEach(remote -> single.add(remote.plan()));
        return new ResolvedPlan(plan.withSystems(single), systems, remotes, sql, agents, skipped);
    }

    private @Nullable SqlInputs inputs(@Nullable SqlPlan asked) {
        return asked == null ? null : guarded(() -> questions.inputs(asked)).orElse(null);
    }

    private void failOnFaults() {
        if (!faults.isEmpty()) {
            throw new PlanException(faults.stream().distinct().toList());
        }
    }

    /** Without systems in the plan: whatever is installed and can run, on the embedded model. */
    private List<SystemPlan> everyEngine() {
        List<SystemPlan> systems = new ArrayList<>();
        List<SystemPlan> candidates =
                engines.ids().stream().map(id -> override.apply(Defaults.system(id))).toList();
        engines.askTogether(
                candidates.stream()
                        .collect(Collectors.toMap(SystemPlan::engine, SystemPlan::options)));
        for (SystemPlan system : candidates) {
            String id = system.engine();
            EngineReport report = engines.report(id, system.options());
            switch (report.availability()) {
                case Availability.Available _ ->
                        withItsPrecisions(system, report.description()).ifPresent(systems::add);
                case Availability.Unavailable(String reason, String remedy) ->
                        skipped.add("%s cannot run here: %s; %s".formatted(id, reason, remedy));
            }
        }
        return systems;
    }

    /** No engine takes every precision; one that takes none of those asked for is left out. */
    private Optional<SystemPlan> withItsPrecisions(SystemPlan system, EngineDescription engine) {
        List<String> all = Arrays.stream(Precision.values()).map(Precision::label).toList();
        List<String> taken = engine.precisions().stream().map(Precision::label).toList();
        List<String> kept =
                system.precisions().stream()
                        .filter(label -> taken.contains(label) || !all.contains(label))
                        .toList();
        if (kept.isEmpty() && !system.precisions().isEmpty()) {
            skipped.add(
                    "%s takes none of the precisions %s; it takes %s"
                            .formatted(
                                    engine.id(),
                                    String.join(", ", system.precisions()),
                                    String.join(", ", taken)));
            return Optional.empty();
        }
        return Optional.of(withPrecisions(system, kept));
    }

    /** The system once per precision; empty when something about it is wrong. */
    private List<SystemPlan> checked(SystemPlan system) {
        if (!engines.has(system.engine())) {
            faults.add(
                    "unknown engine '%s'; known: %s"
                            .formatted(system.engine(), String.join(", ", engines.ids())));
            return List.of();
        }
        int before = faults.size();
        EngineReport report;
        try {
            report = engines.report(system.engine(), system.options());
            OptionValues.parse(report.description(), system.options());
        } catch (EngineException e) {
            faults.add(String.valueOf(e.getMessage()));
            return List.of();
        } catch (WorkerException e) {
            faults.add("engine %s: %s".formatted(system.engine(), e.getMessage()));
            return List.of();
        }
        switch (report.availability()) {
            case Availability.Unavailable(String reason, String remedy) ->
                    faults.add("engine %s: %s; %s".formatted(system.engine(), reason, remedy));
            case Availability.Available available ->
                    DeviceCheck.fault(system.engine(), system.device(), available)
                            .ifPresent(faults::add);
        }
        guarded(() -> models.known(system.model()));
        List<String> precisions = precisions(system, report.description());
        return faults.size() > before
                ? List.of()
                : precisions.stream().map(label -> withPrecision(system, label)).toList();
    }

    /** Random weights answer nothing, so that their accuracy would say nothing either. */
    private void refuseRandomAnswers(SystemPlan system) {
        try {
            if (models.known(system.model()).synthetic()) {
                faults.add(
                        "model %s is synthetic (random weights) and can be measured for speed only;"
                                        .formatted(system.model())
                                + " add --workload speed or leave sql out of the plan");
            }
        } catch (ModelException e) {
            faults.add(message(e)); // once in the end, however often it is added
        }
    }

    /** Every case must fit the KV cache, or the slowest of cells would end in a failure. */
    private void requireRoom(SystemPlan system, SpeedPlan speed) {
        int own = models.known(system.model()).config().contextTokens();
        int room = system.contextTokens() == 0 ? own : Math.min(system.contextTokens(), own);
        speed.cases().stream()
                .max(Comparator.comparingInt(SpeedCase::contextTokens))
                .filter(largest -> largest.contextTokens() > room)
                .ifPresent(
                        largest ->
                                faults.add(
                                        "%s: a depth of %d, a prompt of %d and an output of %d tokens need a context of %d, and it has %d; %s"
                                                .formatted(
                                                        id(system.engine(), system.model()),
                                                        largest.depth(),
                                                        largest.promptTokens(),
                                                        largest.outputTokens(),
                                                        largest.contextTokens(),
                                                        room,
                                                        largest.contextTokens() > own
                                                                ? "shorten them, the model knows no"
                                                                        + " longer one"
                                                                : "raise --context or shorten"
                                                                        + " them")));
    }

    private static String id(String engine, String model) {
        return engine + "/" + ModelStock.shortName(model);
    }

    private List<String> precisions(SystemPlan system, EngineDescription engine) {
        List<String> taken = engine.precisions().stream().map(Precision::label).toList();
        if (system.precisions().isEmpty()) {
            return engine.usualPrecisions().stream().map(Precision::label).toList();
        }
        for (String label : system.precisions()) {
            if (!taken.contains(label)) {
                faults.add(
                        "engine %s does not take precision '%s'; known: %s"
                                .formatted(system.engine(), label, String.join(", ", taken)));
            }
        }
        return system.precisions();
    }

    private static SystemPlan withPrecision(SystemPlan system, String label) {
        return withPrecisions(system, List.of(label));
    }

    private static SystemPlan withPrecisions(SystemPlan system, List<String> labels) {
        return new SystemPlan(
                system.engine(),
                system.model(),
                labels,
                system.contextTokens(),
                system.threads(),
                system.device(),
                system.options());
    }

    /** Two systems that differ in options only are told apart by them. */
    private void duplicates(List<SystemPlan> systems, List<ResolvedRemote> remotes) {
        List<String> ids = new ArrayList<>(systems.stream().map(Resolver::id).toList());
        remotes.forEach(remote -> ids.add(remote.system().id()));
        ids.stream()
                .distinct()
                .filter(id -> ids.indexOf(id) != ids.lastIndexOf(id))
                .forEach(id -> faults.add("the system " + id + " stands twice in the plan"));
    }

    static String id(SystemPlan system) {
        String base =
                "%s/%s/%s"
                        .formatted(
                                system.engine(),
                                ModelStock.shortName(system.model()),
                                system.precisions().getFirst());
        List<String> extra = new ArrayList<>();
        if (system.threads() > 0) {
            extra.add("t" + system.threads());
        }
        system.options().forEach((name, value) -> extra.add(name + "=" + value));
        return extra.isEmpty() ? base : base + "[" + String.join(",", extra) + "]";
    }

    private ResolvedSystem resolved(SystemPlan system) {
        EngineDescription engine = engines.report(system.engine(), system.options()).description();
        ModelStock.Stocked stocked =
                models.files(
                        system.model(),
                        engine.formats(),
                        Precision.of(system.precisions().getFirst()));
        int context =
                system.contextTokens() == 0 ? stocked.contextTokens() : system.contextTokens();
        return new ResolvedSystem(
                new SystemUnderTest(
                        id(system),
                        system.engine(),
                        stocked.files().name(),
                        system.precisions().getFirst(),
                        stocked.sourceSha256(),
                        stocked.weightsSha256(),
                        stocked.synthetic(),
                        system.options()),
                system,
                stocked.files(),
                new LoadOptions(
                        Math.min(context, stocked.contextTokens()),
                        1,
                        system.threads(),
                        system.device()));
    }

    private <T> Optional<T> guarded(Supplier<T> step) {
        try {
            return Optional.of(step.get());
        } catch (DataException e) {
            faults.addAll(e.faults().isEmpty() ? List.of(message(e)) : e.faults());
        } catch (ModelException e) {
            faults.add(message(e));
        }
        return Optional.empty();
    }

    private static String message(RuntimeException e) {
        return String.valueOf(e.getMessage());
    }
}
