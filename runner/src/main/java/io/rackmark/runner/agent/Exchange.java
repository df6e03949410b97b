package io.rackmark.runner.agent;

import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.Turn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An earlier question of a conversation and the SQL that answered it.
 *
 * @param question as the user put it
 * @param sql the query that ran
 * @param rationale the model's reason, or null when it gave none
 */
public record Exchange(String question, String sql, @Nullable String rationale) {

    /** What a follow-up may refer to, or empty when the question got no answer. */
    public static Optional<Exchange> of(String question, QuestionLedger ledger) {
        String sql = ledger.finalSql();
        if (!ledger.executable() || sql == null) {
            return Optional.empty();
        }
        Turn last = ledger.turns().getLast();
        return Optional.of(new Exchange(question, sql, last.rationale()));
    }
}
