package io.rackmark.runner.result;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AgentLabelTest {
    @Test
    void aLabelReadsBackAsItWasWritten() {
        for (AgentLabel label :
                new AgentLabel[] {
                    new AgentLabel(5, 1, 1, "q07"),
                    new AgentLabel(20, 3, 2, "with/slash~2"),
                    new AgentLabel(1, 1, 1, "line\nbreak")
                }) {
            assertThat(AgentLabel.of(label.toString())).contains(label);
            assertThat(AgentLabel.ofRequest(label + "/2")).contains(label);
        }
        assertThat(new AgentLabel(5, 1, 1, "q07")).hasToString("c5/r1/q07");
        assertThat(new AgentLabel(5, 1, 2, "q07")).hasToString("c5/r1~2/q07");
    }

    @Test
    void labelsOfOtherWorkloadsAreNone() {
        assertThat(AgentLabel.of("q07")).isEmpty();
        assertThat(AgentLabel.of("c5/q07")).isEmpty();
        assertThat(AgentLabel.ofRequest("first")).isEmpty();
        assertThat(AgentLabel.ofRequest("q07/0")).isEmpty();
    }
}
