package io.rackmark.runner.agent;

import java.time.Duration;
import java.util.List;

/**
 * Every knob of the agent.
 *
 * @param strategy how the model is asked
 * @param schemaStyle how the schema stands in the system message
 * @param trim whether the first turn shows only the tables the question seems to need
 * @param maxRepairs extra turns after a failed one, 0 to 2; only {@link PromptStrategy#AGENT} uses
 *     them
 * @param maxTokens most tokens per response
 * @param historyTurns earlier questions shown with a follow-up
 * @param backoff waits after refused requests
 */
public record AgentSettings(
        PromptStrategy strategy,
        SchemaStyle schemaStyle,
        boolean trim,
        int maxRepairs,
        int maxTokens,
        int historyTurns,
        Backoff backoff) {

    /** More than two repairs rarely mend a query and double its price. */
    public static final int MOST_REPAIRS = 2;

    /** 1024 tokens hold the longest gold query ten times over, and end a model that rambles. */
    public static final int DEFAULT_MAX_TOKENS = 1024;

    /** Six turns carry a dialogue and keep the prompt inside a 2048-token context. */
    public static final int DEFAULT_HISTORY_TURNS = 6;

    /**
     * Doubling waits, 30 s in all, outlast the per-second and most per-minute limits; a quarter of
     * jitter keeps parallel streams from knocking together; two minutes is the longest wait that a
     * run is worth holding up for.
     */
    public static final Backoff DEFAULT_BACKOFF =
            new Backoff(
                    List.of(
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(4),
                            Duration.ofSeconds(8),
                            Duration.ofSeconds(16)),
                    0.25,
                    Duration.ofMinutes(2));

    public AgentSettings {
        require(maxRepairs >= 0 && maxRepairs <= MOST_REPAIRS, "repairs", maxRepairs, "0 to 2");
        require(maxTokens >= 1, "max tokens", maxTokens, "1 or more");
        require(historyTurns >= 0, "history turns", historyTurns, "0 or more");
    }

    /**
     * The settings of the published comparison: compact schema (a third of the DDL's tokens),
     * untrimmed (a wrong trim loses the question), two repairs.
     */
    public static AgentSettings of(PromptStrategy strategy) {
        return new AgentSettings(
                strategy,
                SchemaStyle.COMPACT,
                false,
                MOST_REPAIRS,
                DEFAULT_MAX_TOKENS,
                DEFAULT_HISTORY_TURNS,
                DEFAULT_BACKOFF);
    }

    /** Extra turns this strategy may take. */
    public int repairs() {
        return strategy == PromptStrategy.AGENT ? maxRepairs : 0;
    }

    private static void require(boolean met, String name, int value, String allowed) {
        if (!met) {
            throw new IllegalArgumentException(
                    "agent " + name + " must be " + allowed + ", not " + value);
        }
    }
}
