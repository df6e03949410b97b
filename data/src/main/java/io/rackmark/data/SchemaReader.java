package io.rackmark.data;

import io.rackmark.data.Schema.Column;
import io.rackmark.data.Schema.Reference;
import io.rackmark.data.Schema.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads a {@link Schema} out of SQLite's own catalogue. */
final class SchemaReader {
    private final Connection connection;

    private SchemaReader(Connection connection) {
        this.connection = connection;
    }

    static Schema read(Connection connection) throws SQLException {
        return new SchemaReader(connection).read();
    }

    private Schema read() throws SQLException {
        String sql =
                """
                SELECT l.name, l.type, s.sql
                FROM pragma_table_list AS l JOIN sqlite_schema AS s ON s.name = l.name
                WHERE l.schema = 'main' AND l.type <> 'shadow' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                  AND s.type IN ('table', 'view')
                """;
        List<Table> tables = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                Schema.Kind kind =
                        rows.getString(2).equals("view") ? Schema.Kind.VIEW : Schema.Kind.TABLE;
                String name = rows.getString(1);
                tables.add(new Table(name, kind, rows.getString(3), columns(name, kind)));
            }
        }
        // A view over a table that is gone has no columns and cannot be queried.
        return new Schema(tables.stream().filter(table -> !table.columns().isEmpty()).toList());
    }

    private List<Column> columns(String table, Schema.Kind kind) throws SQLException {
        // Hidden 1 marks a virtual table's hidden columns; 2 and 3 are ordinary generated columns.
        String sql =
                "SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid";
        Map<String, List<Reference>> references = references(table);
        List<Column> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String name = rows.getString(1);
                    String type = Objects.requireNonNullElse(rows.getString(2), "");
                    List<Reference> targets = references.getOrDefault(name, List.of());
                    columns.add(new Column(name, type, rows.getInt(3) > 0, targets));
                }
            }
        } catch (SQLException e) {
            if (kind == Schema.Kind.VIEW) {
                return List.of();
            }
            throw e;
        }
        return columns;
    }

    private Map<String, List<Reference>> references(String table) throws SQLException {
        String sql =
                "SELECT \"from\", \"table\", \"to\", seq FROM pragma_foreign_key_list(?) ORDER BY"
                        + " id DESC, seq";
        Map<String, List<Reference>> references = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String target = rows.getString(2);
                    String column = rows.getString(3);
                    if (column == null) {
                        column = primaryKey(target, rows.getInt(4));
                    }
                    references
                            .computeIfAbsent(rows.getString(1), from -> new ArrayList<>())
                            .add(new Reference(target, column));
                }
            }
        }
        return references;
    }

    /** A foreign key that names no column points to the parent's primary key. */
    private String primaryKey(String table, int position) throws SQLException {
        String sql = "SELECT name FROM pragma_table_xinfo(?) WHERE pk = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table);
            statement.setInt(2, position + 1);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : "rowid";
            }
        }
    }
}
