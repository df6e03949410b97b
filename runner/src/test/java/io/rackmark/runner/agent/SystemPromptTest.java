package io.rackmark.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SystemPromptTest {
    @Test
    void withoutNotesOnlyTheFixedLinesRemain() {
        assertThat(SystemPrompt.render(null, List.of(), "T(a:integer[pk])\n"))
                .isEqualTo(
                        """
                        You are an expert SQLite analyst.
                        Answer the user's question with exactly one SELECT statement.
                        Reply with one JSON object with the keys "sql" and "rationale" and nothing else.
                        Rules:
                        - Use only the tables and columns of the schema below.
                        - Never modify data. Keep the rationale to one short sentence.
                        Schema:
                        T(a:integer[pk])\
                        """);
    }

    @Test
    void notesStandBetweenTheFixedRulesInTheirOrder() {
        assertThat(SystemPrompt.render("a zoo", List.of("First.", "Second."), "T(a:integer)"))
                .startsWith("You are an expert SQLite analyst for a zoo.\n")
                .contains("schema below.\n- First.\n- Second.\n- Never modify data.");
    }
}
