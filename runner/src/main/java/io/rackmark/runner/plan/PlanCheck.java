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
    static final List<String> METERS = List.of("auto", "none", "rapl", "nvml", "hwmon", "ipmi");

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
        check.sql(plan.sql());
        check.energy(plan.energy());
        if (plan.speed() == null && plan.sql() == null) {
            check.faults.add("the plan has no workload; give it speed, sql or both");
        }
        return check.faults;
    }

    private void system(SystemPlan system) {
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

    private void sql(@Nullable SqlPlan sql) {
        if (sql != null) {
            least("sql.repeats", sql.repeats(), 1);
            oneOf("sql.strategy", sql.strategy(), STRATEGIES);
            oneOf("sql.schema", sql.schema(), SCHEMAS);
            least("sql.max-repairs", sql.maxRepairs(), 0);
            if (sql.maxRepairs() > 2) {
                faults.add("sql.max-repairs is " + sql.maxRepairs() + "; at most 2");
            }
            least("sql.max-tokens", sql.maxTokens(), 1);
            least("sql.limit", sql.limit(), 0);
        }
    }

    private void energy(EnergyPlan energy) {
        energy.meters().forEach(name -> oneOf("energy.meters", name, METERS));
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
