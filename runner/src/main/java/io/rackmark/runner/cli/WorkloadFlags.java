package io.rackmark.runner.cli;

import io.rackmark.runner.plan.AgentPlan;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.plan.PlanException;
import io.rackmark.runner.plan.SpeedPlan;
import io.rackmark.runner.plan.SqlPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Flags that choose the work and how it is done; each overrides its plan key. */
final class WorkloadFlags {
    private static final List<String> KNOWN = List.of("speed", "sql", "agent");

    @Mixin private SqlFlags sql;

    @Mixin private SpeedFlags speed;

    @Option(
            names = "--workload",
            split = ",",
            paramLabel = "W",
            description = "speed, sql, agent (plan: the keys speed, sql and agent)")
    private List<String> workloads = List.of();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description =
                    "fresh processes per system and workload (plan: speed.repeats, sql.repeats,"
                            + " agent.repeats)")
    private @Nullable Integer repeats;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how often each level of agent asks every question (plan: agent.rounds)")
    private @Nullable Integer rounds;

    boolean repeated() {
        return repeats != null;
    }

    /**
     * The plan with the work that the flags name.
     *
     * @throws PlanException naming the known workloads
     */
    Plan override(Plan plan) {
        List<String> unknown =
                workloads.stream().filter(name -> !KNOWN.contains(name)).distinct().toList();
        if (!unknown.isEmpty()) {
            throw new PlanException(
                    List.of(
                            "unknown workload '%s'; known: %s"
                                    .formatted(unknown.getFirst(), String.join(", ", KNOWN))));
        }
        @Nullable SpeedPlan speedPlan = plan.speed();
        @Nullable SqlPlan sqlPlan = plan.sql();
        @Nullable AgentPlan agentPlan = plan.agent();
        if (!workloads.isEmpty()) {
            speedPlan = workloads.contains("speed") ? byName(speedPlan) : null;
            sqlPlan = workloads.contains("sql") ? orElse(sqlPlan, Defaults.sql()) : null;
            agentPlan = workloads.contains("agent") ? orElse(agentPlan, Defaults.agent()) : null;
        }
        return plan.withWorkloads(
                speedPlan == null ? null : speed.override(speedPlan, repeats),
                sqlPlan == null ? null : repeated(sql.override(sqlPlan)),
                agentPlan == null ? null : override(agentPlan));
    }

    private AgentPlan override(AgentPlan plan) {
        List<Integer> users = speed.concurrency();
        return new AgentPlan(
                repeated(sql.override(plan.sql())),
                users.isEmpty() ? plan.concurrency() : users,
                rounds == null ? plan.rounds() : rounds);
    }

    private SqlPlan repeated(SqlPlan plan) {
        return repeats == null ? plan : plan.withRepeats(repeats);
    }

    /** What a plan says of it; else more than is measured where nobody asked. */
    private static SpeedPlan byName(@Nullable SpeedPlan plan) {
        return plan == null || plan.equals(Defaults.speed()) ? Defaults.speedWorkload() : plan;
    }

    private static <T> T orElse(@Nullable T value, T other) {
        return value == null ? other : value;
    }
}
