package io.rackmark.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentSettingsTest {
    @Test
    void onlyTheAgentRepairs() {
        assertThat(AgentSettings.of(PromptStrategy.AGENT).repairs()).isEqualTo(2);
        assertThat(AgentSettings.of(PromptStrategy.SINGLE_SHOT).repairs()).isZero();
        assertThat(AgentSettings.of(PromptStrategy.BASELINE).repairs()).isZero();
    }

    @Test
    void valuesOutsideTheirRangeAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(3, 1024, 6))
                .withMessage("agent repairs must be 0 to 2, not 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(2, 0, 6))
                .withMessage("agent max tokens must be 1 or more, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(2, 1, -1))
                .withMessage("agent history turns must be 0 or more, not -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(List.of(), Double.NaN, Duration.ZERO))
                .withMessage("back-off jitter must be 0 to 1, not NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(List.of(Duration.ofNanos(-1)), 0, Duration.ZERO));
    }

    private static AgentSettings settings(int repairs, int maxTokens, int historyTurns) {
        return new AgentSettings(
                PromptStrategy.AGENT,
                SchemaStyle.COMPACT,
                true,
                repairs,
                maxTokens,
                historyTurns,
                AgentSettings.DEFAULT_BACKOFF);
    }
}
