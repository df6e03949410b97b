package io.rackmark.data;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteErrorCode;

/**
 * Runs untrusted SQL on one read-only connection under caps. A text is refused unless it is exactly
 * one query; the connection could not write in any case. Safe for use by several threads, one
 * statement at a time.
 */
public final class SqlRunner implements AutoCloseable {
    /** Virtual machine steps between two looks at the clock, about a tenth of a millisecond. */
    private static final int STEPS_PER_CHECK = 10_000;

    /** What a cell costs beside its content. */
    private static final int CELL_OVERHEAD_BYTES = 24;

    private final Connection connection;
    private final SqlLimits limits;
    private final Deadline deadline = new Deadline();

    /** Runs on this database with the default caps. */
    public SqlRunner(Database database) {
        this(database, SqlLimits.DEFAULT);
    }

    /**
     * Runs on this database.
     *
     * @throws DataException when the file can no longer be opened
     */
    public SqlRunner(Database database, SqlLimits limits) {
        this.limits = limits;
        try {
            connection = database.connect();
            ProgressHandler.setHandler(connection, STEPS_PER_CHECK, deadline);
        } catch (SQLException e) {
            throw Database.unreadable(database.file(), e);
        }
    }

    /** Runs one query to its end or to a cap; never throws for anything the SQL text does. */
    public synchronized SqlOutcome execute(String sql) {
        Optional<String> refusal = SqlText.refusal(sql);
        if (refusal.isPresent()) {
            return new SqlOutcome.Rejected(refusal.get());
        }
        long start = System.nanoTime();
        deadline.start(start + limits.wallTime().toNanos());
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return read(result, start);
        } catch (SQLException e) {
            return isInterrupt(e)
                    ? new SqlOutcome.TimedOut(limits.wallTime())
                    : new SqlOutcome.Failed(sentence(e));
        } catch (OutOfMemoryError e) {
            // The driver's report of SQLITE_NOMEM; the Java heap is untouched by it.
            return new SqlOutcome.Failed("The query needs more memory than it may use.");
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("SQLite did not close its connection", e);
        }
    }

    private SqlOutcome read(ResultSet result, long start) throws SQLException {
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            columns.add(result.getMetaData().getColumnLabel(i));
        }
        List<List<Cell>> rows = new ArrayList<>();
        long bytes = 0;
        while (result.next()) {
            if (rows.size() == limits.maxRows()) {
                return new SqlOutcome.TooManyRows(limits.maxRows());
            }
            Cell[] row = new Cell[columns.size()];
            for (int i = 0; i < row.length; i++) {
                row[i] = cell(result.getObject(i + 1));
                bytes += size(row[i]);
                if (bytes > limits.maxResultBytes()) {
                    return new SqlOutcome.TooLarge(limits.maxResultBytes());
                }
            }
            rows.add(List.copyOf(Arrays.asList(row)));
            // A statement of cheap rows may stay below the step count of a check.
            if (deadline.isOver()) {
                return new SqlOutcome.TimedOut(limits.wallTime());
            }
        }
        return new SqlOutcome.Rows(columns, rows, System.nanoTime() - start);
    }

    private static Cell cell(@Nullable Object value) {
        return switch (value) {
            case null -> new Cell.Null();
            case Double real -> new Cell.Real(real);
            case Float real -> new Cell.Real(real);
            case Number whole -> new Cell.Whole(whole.longValue());
            case byte[] bytes -> new Cell.Blob(bytes);
            case String text -> new Cell.Text(text);
            default -> throw new IllegalStateException("SQLite has no " + value.getClass());
        };
    }

    private static long size(Cell cell) {
        return CELL_OVERHEAD_BYTES
                + switch (cell) {
                    case Cell.Text text -> 2L * text.value().length();
                    case Cell.Blob blob -> blob.size();
                    case Cell.Whole _, Cell.Real _, Cell.Null _ -> 0;
                };
    }

    private static boolean isInterrupt(SQLException e) {
        return (e.getErrorCode() & 0xFF) == SQLiteErrorCode.SQLITE_INTERRUPT.code;
    }

    /** SQLite's own words, without the driver's code in brackets before them. */
    private static String sentence(SQLException e) {
        String message = String.valueOf(e.getMessage());
        int open = message.indexOf(" (");
        boolean wrapped = message.startsWith("[SQLITE_") && open > 0 && message.endsWith(")");
        return wrapped ? message.substring(open + 2, message.length() - 1) : message;
    }

    /** Interrupts the running statement once its time is over. */
    private static final class Deadline extends ProgressHandler {
        private volatile long endNanos;

        void start(long end) {
            endNanos = end;
        }

        boolean isOver() {
            return System.nanoTime() - endNanos >= 0;
        }

        @Override
        protected int progress() {
            return isOver() ? 1 : 0;
        }
    }
}
