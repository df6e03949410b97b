package io.rackmark.runner.run;

import io.rackmark.runner.agent.AgentSettings;
import io.rackmark.runner.agent.PromptStrategy;
import io.rackmark.runner.agent.SchemaStyle;
import io.rackmark.runner.plan.SqlPlan;
import java.util.Arrays;

/** A plan's words as the agent's settings. */
public final class AgentKnobs {
    private AgentKnobs() {}

    public static AgentSettings of(SqlPlan plan) {
        return new AgentSettings(
                Arrays.stream(PromptStrategy.values())
                        .filter(strategy -> strategy.label().equals(plan.strategy()))
                        .findFirst()
                        .orElseThrow(),
                Arrays.stream(SchemaStyle.values())
                        .filter(style -> style.label().equals(plan.schema()))
                        .findFirst()
                        .orElseThrow(),
                plan.trim(),
                plan.maxRepairs(),
                plan.maxTokens(),
                AgentSettings.DEFAULT_HISTORY_TURNS,
                AgentSettings.DEFAULT_BACKOFF);
    }
}
