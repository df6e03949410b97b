package io.rackmark.runner.agent;

import io.rackmark.data.DatabaseNotes;
import io.rackmark.data.Schema;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The system messages of one database: with the whole schema, or with the part a text names. */
final class SystemMessages {
    private final Schema schema;
    private final Function<Schema, String> render;
    private final SchemaTrim trim;
    private final String full;

    SystemMessages(Schema schema, Optional<DatabaseNotes> notes, SchemaStyle style) {
        this.schema = schema;
        this.render = part -> SystemPrompt.render(notes, text(part, style));
        this.trim = trim(schema);
        this.full = render.apply(schema);
    }

    /** With every table. */
    String full() {
        return full;
    }

    /** With the tables the text seems to need. */
    String trimmedFor(String text) {
        return render.apply(schema.only(trim.choose(text)));
    }

    private static String text(Schema schema, SchemaStyle style) {
        return switch (style) {
            case COMPACT -> schema.compact();
            case DDL -> schema.ddl();
        };
    }

    private static SchemaTrim trim(Schema schema) {
        // SQLite matches names without regard to letter case, so a reference may be spelt freely.
        Map<String, String> spelling =
                schema.tables().stream()
                        .map(Schema.Table::name)
                        .collect(
                                Collectors.toMap(
                                        name -> name.toLowerCase(Locale.ROOT),
                                        Function.identity(),
                                        (first, second) -> first));
        return new SchemaTrim(
                schema.tables().stream()
                        .map(table -> new SchemaTrim.Table(table.name(), targets(table, spelling)))
                        .toList());
    }

    private static Set<String> targets(Schema.Table table, Map<String, String> spelling) {
        Set<String> targets = new HashSet<>();
        for (Schema.Column column : table.columns()) {
            for (Schema.Reference reference : column.references()) {
                String name = reference.table();
                targets.add(spelling.getOrDefault(name.toLowerCase(Locale.ROOT), name));
            }
        }
        return targets;
    }
}
