package io.rackmark.runner.agent;

import io.rackmark.data.Cell;
import io.rackmark.data.SqlOutcome;
import io.rackmark.runner.result.SqlExecution;
import io.rackmark.runner.result.SqlExecution.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Outcomes of the database as the ledger keeps them. */
final class Executions {
    private static final int MOST_ROWS = 10;
    private static final int MOST_CHARS = 200;

    private Executions() {}

    static SqlExecution of(SqlOutcome outcome) {
        return switch (outcome) {
            case SqlOutcome.Rows rows ->
                    new SqlExecution(
                            Kind.ROWS,
                            null,
                            rows.rows().size(),
                            rows.columns().stream().map(Executions::cut).toList(),
                            firstRows(rows.rows()));
            case SqlOutcome.Failed _ -> failed(Kind.ERROR, outcome);
            case SqlOutcome.Rejected _ -> failed(Kind.REJECTED, outcome);
            case SqlOutcome.TimedOut _ -> failed(Kind.TIMED_OUT, outcome);
            case SqlOutcome.TooManyRows _ -> failed(Kind.TOO_MANY_ROWS, outcome);
            case SqlOutcome.TooLarge _ -> failed(Kind.TOO_LARGE, outcome);
        };
    }

    private static SqlExecution failed(Kind kind, SqlOutcome outcome) {
        // The database's message may repeat a whole literal of the query.
        String fault = cut(outcome.fault().orElse("the query failed"));
        return new SqlExecution(kind, fault, null, List.of(), List.of());
    }

    private static List<List<@Nullable String>> firstRows(List<List<Cell>> rows) {
        List<List<@Nullable String>> first = new ArrayList<>();
        for (List<Cell> row : rows.subList(0, Math.min(rows.size(), MOST_ROWS))) {
            List<@Nullable String> cells = new ArrayList<>();
            row.forEach(cell -> cells.add(text(cell)));
            first.add(cells);
        }
        return first;
    }

    private static @Nullable String text(Cell cell) {
        return switch (cell) {
            case Cell.Null _ -> null;
            case Cell.Whole whole -> Long.toString(whole.value());
            case Cell.Real real -> Double.toString(real.value());
            case Cell.Text text -> cut(text.value());
            case Cell.Blob blob -> "blob of " + blob.bytes().length + " bytes";
        };
    }

    private static String cut(String value) {
        String kept = value.substring(0, Math.min(value.length(), MOST_CHARS));
        return AnswerParser.wellFormed(kept);
    }
}
