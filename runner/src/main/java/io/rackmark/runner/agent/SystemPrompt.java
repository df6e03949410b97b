package io.rackmark.runner.agent;

import io.rackmark.data.DatabaseNotes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The system message. The embedded model was trained on exactly these bytes. */
final class SystemPrompt {
    private SystemPrompt() {}

    /**
     * Renders the message; lines end in a line feed except the last.
     *
     * @param notes what is said about the database, its rules without a leading dash
     * @param schema lines of the schema
     */
    static String render(Optional<DatabaseNotes> notes, String schema) {
        List<String> lines = new ArrayList<>();
        String subject = notes.map(DatabaseNotes::subject).orElse("");
        lines.add(
                "You are an expert SQLite analyst"
                        + (subject.isBlank() ? "" : " for " + subject)
                        + ".");
        lines.add("Answer the user's question with exactly one SELECT statement.");
        lines.add(
                "Reply with one JSON object with the keys \"sql\" and \"rationale\" and nothing"
                        + " else.");
        lines.add("Rules:");
        lines.add("- Use only the tables and columns of the schema below.");
        notes.ifPresent(said -> said.rules().forEach(rule -> lines.add("- " + rule)));
        lines.add("- Never modify data. Keep the rationale to one short sentence.");
        lines.add("Schema:");
        lines.add(schema.stripTrailing());
        return String.join("\n", lines);
    }
}
