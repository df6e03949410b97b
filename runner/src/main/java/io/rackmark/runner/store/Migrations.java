package io.rackmark.runner.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/** Brings a file to the tables this program knows; {@code PRAGMA user_version} counts the steps. */
final class Migrations {
    /** Number of the last {@code .sql} resource. */
    static final int LATEST = 3;

    /** "Rack" in ASCII, SQLite's application_id of our files. */
    static final int APPLICATION_ID = 0x5261636b;

    private Migrations() {}

    /** Refuses foreign and newer files untouched, then applies the missing steps at once. */
    static void apply(Database database) {
        database.guarded(() -> check(database));
        database.guarded(() -> useWriteAheadLog(database));
        database.transaction(() -> upgrade(database));
    }

    private static void check(Database database) throws SQLException {
        int id = Integer.parseInt(database.pragma("application_id"));
        int version = Integer.parseInt(database.pragma("user_version"));
        boolean empty = id == 0 && database.pragma("schema_version").equals("0");
        if (id != APPLICATION_ID && !empty) {
            throw new StoreException(
                    "%s is a SQLite database but not a result store; name another file with --store."
                            .formatted(database.file()));
        }
        if (version > LATEST) {
            throw new StoreException(
                    "Result store %s has version %d, this program knows up to %d; use the Rackmark that wrote it or a newer one."
                            .formatted(database.file(), version, LATEST));
        }
    }

    private static void useWriteAheadLog(Database database) throws SQLException {
        String mode = database.pragma("journal_mode = WAL");
        if (!mode.equalsIgnoreCase("wal")) {
            throw new StoreException(
                    "Result store %s cannot use write-ahead logging (mode '%s'); name a file on a local disk with --store."
                            .formatted(database.file(), mode));
        }
    }

    private static void upgrade(Database database) throws SQLException {
        // Read again inside the transaction: another process may have been faster.
        int version = Integer.parseInt(database.pragma("user_version"));
        for (int step = version + 1; step <= LATEST; step++) {
            database.script(resource(step));
        }
        if (version < LATEST) {
            database.script("PRAGMA application_id = " + APPLICATION_ID);
            database.script("PRAGMA user_version = " + LATEST);
        }
    }

    private static String resource(int step) {
        String name = step + ".sql";
        try (InputStream in = Migrations.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
