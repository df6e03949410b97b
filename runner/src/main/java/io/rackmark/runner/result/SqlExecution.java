package io.rackmark.runner.result;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the database said to one statement.
 *
 * @param kind how it ended
 * @param error the database's message, cut at 200 characters, or null when the statement ran
 * @param rowCount rows of the whole result, or null when the statement failed
 * @param columns names of the result's columns
 * @param firstRows the first rows as text, SQL NULL as null; at most 10 rows, values cut at 200
 *     characters
 */
public record SqlExecution(
        Kind kind,
        @Nullable String error,
        @Nullable Integer rowCount,
        List<String> columns,
        List<List<@Nullable String>> firstRows) {

    /** How a statement ended. */
    public enum Kind {
        ROWS,
        /** The database reported an error. */
        ERROR,
        /** Not one reading statement, so never run. */
        REJECTED,
        TIMED_OUT,
        TOO_MANY_ROWS,
        /** The whole result took too much memory. */
        TOO_LARGE
    }

    public SqlExecution {
        columns = List.copyOf(columns);
        firstRows = firstRows.stream().map(SqlExecution::copyWithNulls).toList();
    }

    private static List<@Nullable String> copyWithNulls(List<@Nullable String> row) {
        return Collections.unmodifiableList(new ArrayList<>(row));
    }
}
