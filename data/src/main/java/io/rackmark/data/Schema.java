package io.rackmark.data;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tables and views of a database.
 *
 * @param tables in order of name, letter case ignored
 */
public record Schema(List<Table> tables) {
    private static final Comparator<Table> BY_NAME =
            Comparator.comparing((Table table) -> table.name().toLowerCase(Locale.ROOT))
                    .thenComparing(Table::name);

    public Schema {
        tables = tables.stream().sorted(BY_NAME).toList();
    }

    /** Whether rows are stored or computed. */
    public enum Kind {
        /** Stored rows, virtual tables included. */
        TABLE,
        /** A named query. */
        VIEW
    }

    /**
     * A table or view.
     *
     * @param sql the CREATE statement as stored in the file, without a semicolon
     * @param columns in declared order
     */
    public record Table(String name, Kind kind, String sql, List<Column> columns) {
        public Table {
            columns = List.copyOf(columns);
        }

        /** {@code Name(column:type[pk], column:type[fk→Table.column])}. */
        public String compact() {
            return columns.stream()
                    .map(Column::compact)
                    .collect(Collectors.joining(", ", Identifier.show(name) + "(", ")"));
        }
    }

    /**
     * A column.
     *
     * @param type the declared type, empty when none is declared
     * @param primaryKey whether it is (a part of) the primary key
     * @param references where its foreign keys point
     */
    public record Column(String name, String type, boolean primaryKey, List<Reference> references) {
        public Column {
            references = List.copyOf(references);
        }

        private String compact() {
            StringBuilder text = new StringBuilder(Identifier.show(name));
            String plain = type.replaceAll("\\s*\\(.*", "").toLowerCase(Locale.ROOT);
            if (!plain.isEmpty()) {
                text.append(':').append(plain);
            }
            if (primaryKey) {
                text.append("[pk]");
            }
            for (Reference reference : references) {
                text.append("[fk→").append(reference.compact()).append(']');
            }
            return text.toString();
        }
    }

    /** The column a foreign key points to. */
    public record Reference(String table, String column) {
        private String compact() {
            return Identifier.show(table) + "." + Identifier.show(column);
        }
    }

    /** Every CREATE statement as stored, each closed with a semicolon and a line end. */
    public String ddl() {
        return tables.stream().map(table -> table.sql() + ";\n").collect(Collectors.joining());
    }

    /** One line per table with names, short types and keys only, lines separated by line feeds. */
    public String compact() {
        return tables.stream().map(Table::compact).collect(Collectors.joining("\n"));
    }

    /** The part of this schema with the named tables. */
    public Schema only(Set<String> names) {
        return new Schema(tables.stream().filter(table -> names.contains(table.name())).toList());
    }
}
