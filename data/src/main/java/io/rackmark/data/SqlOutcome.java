package io.rackmark.data;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What came of one SQL text. */
public sealed interface SqlOutcome {
    /**
     * The complete result.
     *
     * @param columns column names as SQLite gives them
     * @param rows cells in column order
     * @param elapsedNanos from preparing the statement to its last row
     */
    record Rows(List<String> columns, List<List<Cell>> rows, long elapsedNanos)
            implements SqlOutcome {
        public Rows {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    /** Refused without being run: empty, several statements, or no query. */
    record Rejected(String reason) implements SqlOutcome {}

    /** SQLite reported an error. */
    record Failed(String message) implements SqlOutcome {}

    /** Interrupted at the wall-time cap. */
    record TimedOut(Duration limit) implements SqlOutcome {}

    /** Stopped at the row cap. */
    record TooManyRows(int limit) implements SqlOutcome {}

    /** Stopped at the cap on the size of the whole result. */
    record TooLarge(long limitBytes) implements SqlOutcome {}

    /** One sentence about what went wrong, fit for a repair prompt; empty for rows. */
    default Optional<String> fault() {
        return switch (this) {
            case Rows _ -> Optional.empty();
            case Rejected rejected -> Optional.of(rejected.reason);
            case Failed failed -> Optional.of(failed.message);
            case TimedOut timedOut ->
                    Optional.of(
                            "The query ran longer than "
                                    + timedOut.limit.toMillis() / 1000.0
                                    + " s and was stopped.");
            case TooManyRows tooMany ->
                    Optional.of("The query returns more than " + tooMany.limit + " rows.");
            case TooLarge tooLarge ->
                    Optional.of("The result is larger than " + tooLarge.limitBytes + " bytes.");
        };
    }
}
