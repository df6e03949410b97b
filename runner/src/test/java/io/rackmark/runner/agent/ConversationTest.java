package io.rackmark.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.Message;
import io.rackmark.engine.Message.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversationTest {
    @Test
    void baselineIsTheBareQuestion() {
        assertThat(Conversation.baseline("How many?"))
                .containsExactly(new Message(Role.USER, "Convert this question to SQL: How many?"));
    }

    @Test
    void earlierAnswersStandInTheHistoryAsTheJsonThatWasAskedFor() {
        List<Exchange> history =
                List.of(
                        new Exchange("A?", "SELECT \"é\"\n'\\'", "Because \"so\"."),
                        new Exchange("B?", "SELECT 2", null));
        assertThat(Conversation.opening("S", history, "C?"))
                .containsExactly(
                        new Message(Role.SYSTEM, "S"),
                        new Message(Role.USER, "A?"),
                        new Message(
                                Role.ASSISTANT,
                                "{\"sql\": \"SELECT \\\"é\\\"\\n'\\\\'\","
                                        + " \"rationale\": \"Because \\\"so\\\".\"}"),
                        new Message(Role.USER, "B?"),
                        new Message(Role.ASSISTANT, "{\"sql\": \"SELECT 2\", \"rationale\": \"\"}"),
                        new Message(Role.USER, "C?"));
    }

    @Test
    void repairAppendsTheResponseAndTheErrorUnderTheNewSystemMessage() {
        List<Message> prompt = Conversation.opening("trimmed", List.of(), "Q?");
        List<Message> repaired = Conversation.repair(prompt, "full", "raw", "no such table: 100%s");
        assertThat(repaired)
                .containsExactly(
                        new Message(Role.SYSTEM, "full"),
                        new Message(Role.USER, "Q?"),
                        new Message(Role.ASSISTANT, "raw"),
                        new Message(
                                Role.USER,
                                "Your query failed: no such table: 100%s\n"
                                        + "Return a corrected query in the same JSON format."));
        assertThat(Conversation.added(prompt, repaired))
                .containsExactly(repaired.get(0), repaired.get(2), repaired.get(3));
    }
}
