package io.rackmark.runner.plan;

import io.rackmark.runner.cost.CostInputs;
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
 * @param agent the agent workload, by several users at a time; null leaves it out
 * @param schedule spreads the repeats over the day, and then says how many there are; null runs
 *     them one after another
 * @param cost what the box costs; null when nobody said
 */
public record Plan(
        String name,
        List<SystemPlan> systems,
        @Nullable SpeedPlan speed,
        @Nullable SqlPlan sql,
        EnergyPlan energy,
        @Nullable AgentPlan agent,
        @Nullable SchedulePlan schedule,
        @Nullable CostInputs cost) {

    public Plan {
        systems = List.copyOf(systems);
        energy = Objects.requireNonNullElse(energy, Defaults.energy());
        if (schedule != null) {
            int probes = schedule.probes();
            speed = speed == null ? null : speed.withRepeats(probes);
            sql = sql == null ? null : sql.withRepeats(probes);
            agent = agent == null ? null : agent.withRepeats(probes);
        }
    }

    /** With the default of energy. */
    public Plan(
            String name,
            List<SystemPlan> systems,
            @Nullable SpeedPlan speed,
            @Nullable SqlPlan sql) {
        this(name, systems, speed, sql, Defaults.energy(), null, null, null);
    }

    /** The same plan for other systems. */
    public Plan withSystems(List<SystemPlan> others) {
        return new Plan(name, others, speed, sql, energy, agent, schedule, cost);
    }

    /** The same plan with energy measured otherwise. */
    public Plan withEnergy(EnergyPlan other) {
        return new Plan(name, systems, speed, sql, other, agent, schedule, cost);
    }

    /** The same plan with other work. */
    public Plan withWorkloads(
            @Nullable SpeedPlan otherSpeed,
            @Nullable SqlPlan otherSql,
            @Nullable AgentPlan otherAgent) {
        return new Plan(name, systems, otherSpeed, otherSql, energy, otherAgent, schedule, cost);
    }

    /** The same plan spread over the day. */
    public Plan withSchedule(SchedulePlan other) {
        return new Plan(name, systems, speed, sql, energy, agent, other, cost);
    }

    /** The same plan with what the box costs. */
    public Plan withCost(CostInputs box) {
        return new Plan(name, systems, speed, sql, energy, agent, schedule, box);
    }
}
