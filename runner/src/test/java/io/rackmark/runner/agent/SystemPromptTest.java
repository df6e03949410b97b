package io.rackmark.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.data.Database;
import io.rackmark.data.DatabaseNotes;
import io.rackmark.data.SampleDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemPromptTest {
    @Test
    void withoutNotesOnlyTheFixedLinesRemain() {
        assertThat(SystemPrompt.render(Optional.empty(), "T(a:integer[pk])\n"))
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
        DatabaseNotes notes = new DatabaseNotes("a zoo", List.of("First.", "Second."));
        assertThat(SystemPrompt.render(Optional.of(notes), "T(a:integer)"))
                .startsWith("You are an expert SQLite analyst for a zoo.\n")
                .contains("schema below.\n- First.\n- Second.\n- Never modify data.");
    }

    @Test
    void theSampleDatabaseGetsTheTextTheEmbeddedModelWasTrainedOn(@TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("sample.db");
        SampleDatabase.build(file);
        SystemMessages messages =
                new SystemMessages(
                        Database.open(file).schema(),
                        Optional.of(DatabaseNotes.sample()),
                        SchemaStyle.COMPACT);
        assertThat(messages.full()).isEqualTo(trainedOn());
    }

    private static String trainedOn() throws IOException {
        String name = "embedded-system-prompt.txt";
        try (InputStream in = SystemPromptTest.class.getResourceAsStream(name)) {
            byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
