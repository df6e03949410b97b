package io.rackmark.runner.agent;

import io.rackmark.data.Cell;
import io.rackmark.data.ResultComparison;
import io.rackmark.data.SqlOutcome;
import io.rackmark.runner.result.QuestionLedger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a question.
 *
 * @param ledger everything that happened
 * @param outcome of the last SQL with all its rows, or null when the last turn executed none
 */
public record AgentAnswer(QuestionLedger ledger, @Nullable SqlOutcome outcome) {

    /**
     * The ledger with both verdicts; a question without rows is wrong.
     *
     * @param gold rows of the right answer
     * @param ordered whether their order counts
     */
    public QuestionLedger judged(List<List<Cell>> gold, boolean ordered) {
        if (!(outcome instanceof SqlOutcome.Rows rows)) {
            return ledger.judged(false, false);
        }
        return ledger.judged(
                ResultComparison.sameBag(gold, rows.rows(), ordered),
                ResultComparison.sameSet(gold, rows.rows()));
    }
}
