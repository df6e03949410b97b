package io.rackmark.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over the tables' CREATE statements and every cell in row order. Unlike a hash of the file
 * it does not depend on the SQLite version that wrote the pages.
 */
final class ContentHash {
    private final MessageDigest digest;

    private ContentHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The hash in hexadecimal, 64 characters. */
    static String of(Connection connection) throws SQLException {
        ContentHash hash = new ContentHash();
        try (Statement statement = connection.createStatement()) {
            for (String table : hash.addSchema(statement)) {
                try (ResultSet rows =
                        statement.executeQuery(
                                "SELECT * FROM \""
                                        + table.replace("\"", "\"\"")
                                        + "\" ORDER BY 1, 2")) {
                    hash.addRows(rows);
                }
            }
        }
        return HexFormat.of().formatHex(hash.digest.digest());
    }

    /** SHA-256 of a file's bytes in hexadecimal. */
    static String ofBytes(Path file) throws IOException {
        ContentHash hash = new ContentHash();
        hash.digest.update(Files.readAllBytes(file));
        return HexFormat.of().formatHex(hash.digest.digest());
    }

    private List<String> addSchema(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows =
                statement.executeQuery(
                        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
                add(rows.getString(2));
            }
        }
        return tables;
    }

    private void addRows(ResultSet rows) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
            for (int column = 1; column <= columns; column++) {
                add(rows.getString(column));
            }
        }
    }

    /** Length first, so that no two sequences of cells feed the same bytes. */
    private void add(@Nullable String cell) {
        byte[] bytes = cell == null ? new byte[0] : cell.getBytes(StandardCharsets.UTF_8);
        digest.update(
                ByteBuffer.allocate(Integer.BYTES).putInt(cell == null ? -1 : bytes.length).flip());
        digest.update(bytes);
    }
}
