package io.rackmark.runner.plan;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A whole benchmark.
 *
 * @param name for tables and file names
 * @param systems what is measured; empty means every engine this machine has, on the embedded model
 * @param speed the speed workload; null leaves it out
 * @param sql the text-to-SQL workload; null leaves it out
 * @param energy how energy is measured; plans stored before it was have the default
 */
public record Plan(
        String name,
        List<SystemPlan> systems,
        @Nullable SpeedPlan speed,
        @Nullable SqlPlan sql,
        EnergyPlan energy) {

    public Plan {
        systems = List.copyOf(systems);
        energy = Objects.requireNonNullElse(energy, Defaults.energy());
    }

    /** With the default of energy. */
    public Plan(
            String name,
            List<SystemPlan> systems,
            @Nullable SpeedPlan speed,
            @Nullable SqlPlan sql) {
        this(name, systems, speed, sql, Defaults.energy());
    }

    /** The same plan for other systems. */
    public Plan withSystems(List<SystemPlan> others) {
        return new Plan(name, others, speed, sql, energy);
    }

    /** The same plan with energy measured otherwise. */
    public Plan withEnergy(EnergyPlan other) {
        return new Plan(name, systems, speed, sql, other);
    }
}
