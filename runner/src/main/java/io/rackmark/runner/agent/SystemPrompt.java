package io.rackmark.runner.agent;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The system message. The embedded model was trained on exactly these bytes. */
final class SystemPrompt {
    private SystemPrompt() {}

    /**
     * Renders the message; lines end in a line feed except the last.
     *
     * @param subject what the database is about, such as "a digital music store", or null
     * @param rules notes on the database, one line each, without a leading dash
     * @param schema lines of the schema
     */
    static String render(@Nullable String subject, List<String> rules, String schema) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "You are an expert SQLite analyst"
                        + (subject == null ? "" : " for " + subject)
                        + ".");
        lines.add("Answer the user's question with exactly one SELECT statement.");
        lines.add(
                "Reply with one JSON object with the keys \"sql\" and \"rationale\" and nothing"
                        + " else.");
        lines.add("Rules:");
        lines.add("- Use only the tables and columns of the schema below.");
        rules.forEach(rule -> lines.add("- " + rule));
        lines.add("- Never modify data. Keep the rationale to one short sentence.");
        lines.add("Schema:");
        lines.add(schema.stripTrailing());
        return String.join("\n", lines);
    }
}
