package io.rackmark.runner.plan;

import java.util.Comparator;
import java.util.List;

/**
 * The agent workload: the text-to-SQL agent asked by several users at a time.
 *
 * @param sql what is asked and how; its repeats are fresh processes per system, each measuring
 *     every level
 * @param concurrency users at a time
 * @param rounds how often each level asks every question
 */
public record AgentPlan(SqlPlan sql, List<Integer> concurrency, int rounds) {
    public AgentPlan {
        concurrency = List.copyOf(concurrency);
    }

    /** Slots that the largest level needs. */
    public int slots() {
        return concurrency.stream().max(Comparator.naturalOrder()).orElse(1);
    }

    /** The same in another number of processes. */
    public AgentPlan withRepeats(int repeats) {
        return new AgentPlan(sql.withRepeats(repeats), concurrency, rounds);
    }
}
