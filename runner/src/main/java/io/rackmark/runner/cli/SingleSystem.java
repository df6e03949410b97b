package io.rackmark.runner.cli;

import io.rackmark.engine.EngineDescription;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.Precision;
import io.rackmark.engine.worker.WorkerException;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.plan.SystemPlan;
import io.rackmark.runner.run.EngineInventory;
import io.rackmark.runner.run.Home;
import io.rackmark.runner.run.ModelStock;
import io.rackmark.runner.run.ResolvedSystem;
import io.rackmark.runner.run.Resolver;
import io.rackmark.runner.run.SqlStock;
import java.util.List;

/** The one system that a command works with, from flags that could name several. */
record SingleSystem(Home home, EngineInventory engines, SqlStock stock, ConsoleView view) {
    private static final String DEFAULT_PRECISION = "q8_0";

    /** The first system that the flags name; without any, the first engine that can run here. */
    ResolvedSystem resolve(SystemFlags flags) {
        Plan plan = new Plan("single", flags.systems(), Defaults.speed(), null);
        return new Resolver(
                        engines,
                        new ModelStock(home, view),
                        stock,
                        system -> single(flags.override(system)))
                .resolve(plan)
                .systems()
                .getFirst();
    }

    private SystemPlan single(SystemPlan system) {
        return system.precisions().isEmpty()
                ? new SystemPlan(
                        system.engine(),
                        system.model(),
                        List.of(precision(system)),
                        system.contextTokens(),
                        system.threads(),
                        system.device(),
                        system.options())
                : system;
    }

    /** The small one where the engine has it. */
    private String precision(SystemPlan system) {
        if (!engines.has(system.engine())) {
            return DEFAULT_PRECISION;
        }
        try {
            EngineDescription engine =
                    engines.report(system.engine(), system.options()).description();
            List<String> taken = engine.precisions().stream().map(Precision::label).toList();
            return taken.contains(DEFAULT_PRECISION)
                    ? DEFAULT_PRECISION
                    : engine.usualPrecisions().getFirst().label();
        } catch (EngineException | WorkerException e) {
            // The resolver asks again and reports it among the other faults.
            return DEFAULT_PRECISION;
        }
    }
}
