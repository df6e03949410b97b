package io.rackmark.runner.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole benchmark.
 *
 * @param name for tables and file names
 * @param systems what is measured; empty means every engine this machine has, on the embedded model
 * @param speed the speed workload; null leaves it out
 * @param sql the text-to-SQL workload; null leaves it out
 */
public record Plan(
        String name, List<SystemPlan> systems, @Nullable SpeedPlan speed, @Nullable SqlPlan sql) {

    public Plan {
        systems = List.copyOf(systems);
    }

    /** The same plan for other systems. */
    public Plan withSystems(List<SystemPlan> others) {
        return new Plan(name, others, speed, sql);
    }
}
