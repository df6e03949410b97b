package io.rackmark.data;

import io.rackmark.data.DataException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteLimits;

/**
 * A SQLite file that was found readable when it was opened, with its schema. It holds no
 * connection; {@link SqlRunner} does. Safe for use by several threads.
 */
public final class Database {
    /** A page and a cell larger than this are not read, so that a file cannot exhaust memory. */
    private static final int MAX_CELL_BYTES = 4 << 20;

    /** Checking every page of a larger file would take seconds. */
    private static final long MAX_CHECKED_BYTES = 32L << 20;

    private static final byte[] HEADER = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    /**
     * For all SQLite in this process: sorts and temporary tables live in memory, under this cap.
     */
    private static final long HEAP_LIMIT_BYTES = 1L << 30;

    private static final int BUSY_TIMEOUT_MILLIS = 1000;

    private final Path file;
    private final Schema schema;

    private Database(Path file, Schema schema) {
        this.file = file;
        this.schema = schema;
    }

    /**
     * Opens a SQLite file read-only and reads its schema.
     *
     * @throws DataException when there is no such file, or it is a directory, no SQLite database,
     *     empty, locked or damaged
     */
    public static Database open(Path file) {
        checkHeader(file);
        try (Connection connection = connect(file)) {
            checkPages(file, connection);
            Schema schema = SchemaReader.read(connection);
            if (schema.tables().isEmpty()) {
                throw new DataException(
                        Kind.INVALID,
                        file + " is an SQLite database without any table; give one with data.");
            }
            return new Database(file, schema);
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** Tables and views as they were when the file was opened. */
    public Schema schema() {
        return schema;
    }

    /**
     * A new connection that cannot write: the file is opened read-only, {@code query_only} is on
     * and functions with side effects are not reachable from views.
     */
    Connection connect() throws SQLException {
        return connect(file);
    }

    /** The sentence for a fault that SQLite found in this file. */
    static DataException unreadable(Path file, SQLException e) {
        SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xFF);
        if (code == SQLiteErrorCode.SQLITE_BUSY || code == SQLiteErrorCode.SQLITE_LOCKED) {
            return new DataException(
                    Kind.LOCKED,
                    file + " is locked by another process; close that process or give a copy.",
                    e);
        }
        return new DataException(
                Kind.UNREADABLE,
                file
                        + " cannot be read as an SQLite database ("
                        + e.getMessage()
                        + "); give an intact copy.",
                e);
    }

    private static void checkHeader(Path file) {
        if (Files.isDirectory(file)) {
            throw new DataException(
                    Kind.NOT_FOUND,
                    file + " is a directory; give the path of an SQLite database file.");
        }
        if (!Files.exists(file)) {
            throw new DataException(
                    Kind.NOT_FOUND, "There is no database file " + file + "; check the path.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(HEADER.length);
            if (start.length == 0) {
                throw new DataException(
                        Kind.INVALID,
                        file + " is an empty file; give an SQLite database with tables.");
            }
            if (!Arrays.equals(start, HEADER)) {
                throw new DataException(
                        Kind.UNREADABLE,
                        file
                                + " is not an SQLite 3 database (its first 16 bytes are not the"
                                + " SQLite header).");
            }
        } catch (IOException e) {
            throw new DataException(
                    Kind.UNREADABLE,
                    file + " cannot be read (" + e.getMessage() + "); check its permissions.",
                    e);
        }
    }

    private static void checkPages(Path file, Connection connection) throws SQLException {
        if (file.toFile().length() > MAX_CHECKED_BYTES) {
            return;
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA quick_check(1)")) {
            if (rows.next() && !rows.getString(1).equals("ok")) {
                throw new DataException(
                        Kind.UNREADABLE,
                        file + " is damaged (" + rows.getString(1) + "); give an intact copy.");
            }
        }
    }

    private static Connection connect(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.enableLoadExtension(false);
        // The URI form, because a name with a question mark would be cut there.
        String uri = "file:" + file.toAbsolutePath().toUri().getRawPath() + "?mode=ro";
        Connection connection = config.createConnection("jdbc:sqlite:" + uri);
        try (Statement statement = connection.createStatement()) {
            limit(connection.unwrap(SQLiteConnection.class));
            statement.execute("PRAGMA query_only = ON");
            statement.execute("PRAGMA trusted_schema = OFF");
            statement.execute("PRAGMA cell_size_check = ON");
            statement.execute("PRAGMA temp_store = MEMORY");
            statement.execute("PRAGMA hard_heap_limit = " + HEAP_LIMIT_BYTES);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void limit(SQLiteConnection connection) throws SQLException {
        connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, MAX_CELL_BYTES);
        connection.setLimit(SQLiteLimits.SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
        connection.setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
        connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
        connection.setLimit(SQLiteLimits.SQLITE_LIMIT_WORKER_THREADS, 0);
    }
}
