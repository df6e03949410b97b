package io.rackmark.runner.cli;

import com.github.freva.asciitable.ColumnData;
import io.rackmark.data.Cell;
import io.rackmark.data.SqlOutcome;
import io.rackmark.runner.agent.AgentAnswer;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** An answer for people: the SQL, the rows, what it took. */
final class AnswerText {
    private static final int MOST_ROWS = 40;

    private AnswerText() {}

    static String of(AgentAnswer answer) {
        QuestionLedger ledger = answer.ledger();
        StringBuilder text = new StringBuilder();
        text.append(Objects.requireNonNullElse(ledger.finalSql(), "(the model gave no SQL)"))
                .append('\n');
        if (answer.outcome() instanceof SqlOutcome.Rows rows) {
            text.append(table(rows)).append('\n');
        } else {
            text.append("No answer: ").append(reason(ledger)).append('\n');
        }
        text.append(
                "%d turn%s, %.2f s: model %.2f s, SQL %.3f s%n"
                        .formatted(
                                ledger.turns().size(),
                                ledger.turns().size() == 1 ? "" : "s",
                                ledger.totalNanos() / 1e9,
                                ledger.modelNanos() / 1e9,
                                ledger.sqlNanos() / 1e9));
        return Terminal.safe(text.toString());
    }

    private static String table(SqlOutcome.Rows result) {
        List<List<Cell>> rows = result.rows();
        List<ColumnData<List<Cell>>> columns = new ArrayList<>();
        for (int i = 0; i < result.columns().size(); i++) {
            int column = i;
            columns.add(Tables.text(result.columns().get(i), row -> cell(row.get(column))));
        }
        List<List<Cell>> shown = rows.stream().limit(MOST_ROWS).toList();
        String table = shown.isEmpty() ? "(no rows)" : Tables.of(shown, columns);
        return rows.size() <= MOST_ROWS
                ? table
                : table + "\n… %d rows in all".formatted(rows.size());
    }

    private static String cell(Cell cell) {
        return switch (cell) {
            case Cell.Null _ -> "NULL";
            case Cell.Whole(long value) -> Long.toString(value);
            case Cell.Real(double value) -> Double.toString(value);
            case Cell.Text(String value) -> value;
            case Cell.Blob _ -> "(binary)";
        };
    }

    private static String reason(QuestionLedger ledger) {
        if (ledger.turns().isEmpty()) {
            return ledger.outcome().toString();
        }
        Turn last = ledger.turns().getLast();
        if (last.execution() != null && last.execution().error() != null) {
            return last.execution().error();
        }
        return Objects.requireNonNullElse(last.failure(), ledger.outcome().toString());
    }
}
