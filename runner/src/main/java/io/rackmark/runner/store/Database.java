package io.rackmark.runner.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import tools.jackson.core.JacksonException;

/** One connection to one file; every SQL error leaves here as a sentence about that file. */
final class Database implements AutoCloseable {
    /** Another process may be in the middle of a commit; far longer than any of ours takes. */
    private static final int BUSY_MILLIS = 10_000;

    /** Turns the current row into a value. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Statements that belong together. */
    @FunctionalInterface
    interface Work {
        void run() throws SQLException;
    }

    private final Path file;
    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();

    private Database(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    static Database open(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.enforceForeignKeys(true);
        // A commit survives the death of the process and, with FULL, that of the machine; its
        // fsync costs milliseconds between requests that cost seconds.
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        try {
            return new Database(file, config.createConnection("jdbc:sqlite:" + file));
        } catch (SQLException e) {
            throw StoreFaults.of(file, e);
        }
    }

    Path file() {
        return file;
    }

    /** Runs a script of statements without parameters. */
    void script(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** First column of the first row of a PRAGMA, as text. */
    String pragma(String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA " + name)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    /** Commits all of the work or nothing of it. */
    void transaction(Work work) {
        guarded(
                () -> {
                    script("BEGIN IMMEDIATE");
                    boolean done = false;
                    try {
                        work.run();
                        script("COMMIT");
                        done = true;
                    } finally {
                        if (!done) {
                            rollBack();
                        }
                    }
                });
    }

    /** Runs work whose statements commit one by one. */
    void guarded(Work work) {
        lock.lock();
        try {
            work.run();
        } catch (SQLException e) {
            throw StoreFaults.of(file, e);
        } finally {
            lock.unlock();
        }
    }

    /** Executes one statement; outside a transaction it is committed when this returns. */
    int update(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        }
    }

    <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... values) {
        List<T> found = new ArrayList<>();
        guarded(
                () -> {
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        bind(statement, values);
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                found.add(reader.read(rows));
                            }
                        }
                    } catch (JacksonException | IllegalArgumentException e) {
                        throw StoreFaults.unreadable(file, e);
                    }
                });
        return found;
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values)
            throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private void rollBack() {
        try {
            script("ROLLBACK");
        } catch (SQLException e) {
            // SQLite has rolled back by itself, as it does on a full disk; the first error counts.
        }
    }

    @Override
    public void close() {
        guarded(connection::close);
    }
}
