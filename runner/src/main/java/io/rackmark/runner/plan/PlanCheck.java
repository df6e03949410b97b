package io.rackmark.runner.plan;

import io.rackmark.engine.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the values of a plan, wherever they came from. */
public final class PlanCheck {
    static final List<String> STRATEGIES = List.of("agent", "single-shot", "baseline");
    static final List<String> SCHEMAS = List.of("compact", "ddl");

    static final int MOST_TOKENS = 10_000_000;

    /** As many requests as a worker takes at a time. */
    static final int MOST_STREAMS = 4096;

    private final List<String> faults = new ArrayList<>();

    private PlanCheck() {}

    /** One sentence per fault; none for a sound plan. */
    public static List<String> faults(Plan plan) {
        PlanCheck check = new PlanCheck();
        plan.systems().forEach(check::system);
        check.speed(plan.speed());
        check.sql("sql", plan.sql());
        check.agent(plan.agent());
        check.energy(plan.energy());
        if (plan.speed() == null && plan.sql() == null && plan.agent() == null) {
            check.faults.add("the plan has no workload; give it speed, sql or agent");
        }
        return check.faults;
    }

    /** Those of what is to be metered. */
    public static List<String> faults(EnergyPlan energy) {
        PlanCheck check = new PlanCheck();
        check.energy(energy);
        return check.faults;
    }

    private void system(SystemPlan system) {
        RemotePlan remote = system.remote();
        if (remote != null && remote.server() == null && system.model().isBlank()) {
            faults.add(
                    "the system at %s names no model; give it one with model: or --model (see 'rackmark models list --provider %s')"
                            .formatted(system.engine(), system.engine()));
        }
        @Nullable Integer perMinute = remote == null ? null : remote.requestsPerMinute();
        if (perMinute != null) {
            least("rpm", perMinute, 1);
        }
        least("context", system.contextTokens(), 0);
        least("threads", system.threads(), 0);
        List<String> known = Arrays.stream(Precision.values()).map(Precision::label).toList();
        system.precisions().forEach(label -> oneOf("precision", label, known));
    }

    private void speed(@Nullable SpeedPlan speed) {
        if (speed != null) {
            least("speed.repeats", speed.repeats(), 1);
            all("speed.prompt-tokens", speed.promptTokens(), 1, MOST_TOKENS);
            all("speed.output-tokens", speed.outputTokens(), 2, MOST_TOKENS);
            all("speed.depth", speed.depths(), 0, MOST_TOKENS);
            all("speed.concurrency", speed.concurrency(), 1, MOST_STREAMS);
            least("speed.requests", speed.requests(), 1);
            least("speed.warm-ups", speed.warmUps(), 0);
            least("speed.steady-percent", speed.steadyPercent(), 0);
        }
    }

    private void sql(String section, @Nullable SqlPlan sql) {
        if (sql != null) {
            least(section + ".repeats", sql.repeats(), 1);
            oneOf(section + ".strategy", sql.strategy(), STRATEGIES);
            oneOf(section + ".schema", sql.schema(), SCHEMAS);
            least(section + ".max-repairs", sql.maxRepairs(), 0);
            if (sql.maxRepairs() > 2) {
                faults.add("%s.max-repairs is %d; at most 2".formatted(section, sql.maxRepairs()));
            }
            least(section + ".max-tokens", sql.maxTokens(), 1);
            least(section + ".limit", sql.limit(), 0);
        }
    }

    private void agent(@Nullable AgentPlan agent) {
        if (agent != null) {
            sql("agent", agent.sql());
            all("agent.concurrency", agent.concurrency(), 1, MOST_STREAMS);
            least("agent.rounds", agent.rounds(), 1);
        }
    }

    private void energy(EnergyPlan energy) {
        energy.meters().forEach(name -> oneOf("energy.meters", name, EnergyPlan.METERS));
        if (energy.meters().contains("none") && energy.meters().size() > 1) {
            faults.add("energy.meters has 'none' beside others; name either none or meters");
        }
        least("energy.tdp-watts", energy.tdpWatts(), 0);
        int idle = energy.idleSeconds();
        if (idle != 0 && idle < Defaults.LEAST_IDLE_SECONDS) {
            faults.add(
                    "energy.idle-seconds is %d; 0, or at least %d"
                            .formatted(idle, Defaults.LEAST_IDLE_SECONDS));
        }
    }

    private void all(String key, List<Integer> values, int least, int most) {
        if (values.isEmpty()) {
            faults.add(key + " is empty; give it at least one number");
        }
        for (int value : values) {
            if (value < least || value > most) {
                faults.add("%s is %d; from %d to %d".formatted(key, value, least, most));
            }
        }
        if (Set.copyOf(values).size() < values.size()) {
            faults.add("%s has a number twice: %s; name each once".formatted(key, values));
        }
    }

    private void least(String key, int value, int least) {
        if (value < least) {
            faults.add("%s is %d; at least %d".formatted(key, value, least));
        }
    }

    private void oneOf(String key, String value, List<String> known) {
        if (!known.contains(value)) {
            faults.add("%s is '%s'; known: %s".formatted(key, value, String.join(", ", known)));
        }
    }
}
