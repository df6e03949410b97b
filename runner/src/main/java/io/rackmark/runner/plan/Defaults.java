package io.rackmark.runner.plan;

import java.util.List;
import java.util.Map;

/** Every default of a run, each with its reason. */
public final class Defaults {

    /** The one model that is always there. */
    public static final String MODEL = "embedded";

    /** CPUs are what every machine has; an accelerator is asked for by name. */
    public static final String DEVICE = "cpu";

    /** Five processes are the fewest from which a spread can be read. */
    public static final int SPEED_REPEATS = 5;

    /** About the length of the agent's prompt, so that both workloads speak of the same range. */
    public static final int PROMPT_TOKENS = 512;

    /** Long enough to average over single tokens, short enough for many cells. */
    public static final int OUTPUT_TOKENS = 64;

    /** In the default run the questions take most of the time; this leaves it under a minute. */
    public static final int SHORT_PROMPT_TOKENS = PROMPT_TOKENS / 2;

    /** With {@link #SHORT_PROMPT_TOKENS}. */
    public static final int SHORT_OUTPUT_TOKENS = OUTPUT_TOKENS / 2;

    /** Three per process and five processes give 15 samples: enough for a median. */
    public static final int SPEED_REQUESTS = 3;

    /** After the first request: the next ones differ by a few percent from there on. */
    public static final int WARM_UPS = 1;

    /** With {@link #SPEED_REQUESTS}, the median of each case has its samples. */
    public static final int SPEED_WORKLOAD_REPEATS = 5;

    /** One stream, as everybody quotes it, and enough to show what batching gains. */
    public static final List<Integer> CONCURRENCY = List.of(1, 4);

    /** Below the spread of requests on a quiet machine, warmth cannot be told from noise. */
    public static final int STEADY_PERCENT = 5;

    /** Most systems are steady after three; one that never is must not hold up the run. */
    public static final int MOST_WARM_UPS = 8;

    /** Greedy answers hardly differ between processes; ask for more to see whether they do. */
    public static final int SQL_REPEATS = 1;

    /** One as the reference, a small team, and what batching makes of more. */
    public static final List<Integer> USERS = List.of(1, 5, 10, 20);

    /** Three rounds of the core set are 75 answers: enough for a P90. */
    public static final int AGENT_ROUNDS = 3;

    public static final String QUESTIONS = "core";
    public static final String DATABASE = "sample";
    public static final String STRATEGY = "agent";
    public static final String SCHEMA = "compact";

    /** Models rarely mend a query at the third attempt. */
    public static final int MAX_REPAIRS = 2;

    /** Four times the longest answer of the question sets. */
    public static final int MAX_TOKENS = 1024;

    /** The agent's prompt, its answer and two repairs fit into this many tokens. */
    public static final int CONTEXT_TOKENS = 2048;

    /** Whatever can be read without being felt. */
    public static final String METERS = "auto";

    /** Ten seconds before each of a dozen short cells would double the time of a default run. */
    public static final int IDLE_SECONDS = 0;

    /** The counters' ticks weigh too much in less. */
    public static final int LEAST_IDLE_SECONDS = 10;

    /** What accountants write servers off over. */
    public static final double COST_YEARS = 3;

    /** Nobody reaches all of it, and few machines that were bought for a purpose stay idle. */
    public static final double COST_UTILISATION = 0.5;

    /** A box under a desk has no building's cooling. */
    public static final double COST_PUE = 1;

    /** Only the user knows. */
    public static final double COST_OPS = 0;

    /** That of the endpoints' prices, so that both can be set side by side. */
    public static final String CURRENCY = "USD";

    private Defaults() {}

    public static SpeedPlan speed() {
        return new SpeedPlan(
                SPEED_REPEATS, SHORT_PROMPT_TOKENS, SHORT_OUTPUT_TOKENS, SPEED_REQUESTS, WARM_UPS);
    }

    /** The speed workload when it is asked for by name: more to see than beside another. */
    public static SpeedPlan speedWorkload() {
        return new SpeedPlan(
                SPEED_WORKLOAD_REPEATS,
                List.of(PROMPT_TOKENS),
                List.of(OUTPUT_TOKENS),
                SPEED_REQUESTS,
                MOST_WARM_UPS,
                List.of(0),
                CONCURRENCY,
                STEADY_PERCENT);
    }

    public static SqlPlan sql() {
        return new SqlPlan(
                SQL_REPEATS,
                QUESTIONS,
                DATABASE,
                STRATEGY,
                SCHEMA,
                false,
                MAX_REPAIRS,
                MAX_TOKENS,
                0);
    }

    public static AgentPlan agent() {
        return new AgentPlan(sql(), USERS, AGENT_ROUNDS);
    }

    public static EnergyPlan energy() {
        return new EnergyPlan(List.of(METERS), 0, null, IDLE_SECONDS);
    }

    /** One system with everything left to the defaults. */
    public static SystemPlan system(String engine) {
        return new SystemPlan(engine, MODEL, List.of(), CONTEXT_TOKENS, 0, DEVICE, Map.of());
    }

    /** The plan of {@code rackmark run} without arguments. */
    public static Plan plan() {
        return new Plan("default", List.of(), speed(), sql());
    }
}
