package io.rackmark.runner.agent;

import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionLedger.Outcome;
import io.rackmark.runner.result.SqlExecution;
import io.rackmark.runner.result.Turn;
import io.rackmark.runner.result.TurnCost;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sums the turns of a question up.
 *
 * @param turns at least one
 * @param startNanos question asked, monotonic
 * @param endNanos answer ready
 * @param failure set when the last turn got no response
 */
record Tally(List<Turn> turns, long startNanos, long endNanos, @Nullable ChatFailure failure) {

    QuestionLedger ledger(AgentQuestion question) {
        long modelNanos = nanos(TurnCost::modelNanos);
        long sqlNanos = nanos(TurnCost::sqlNanos);
        long backoffNanos = nanos(TurnCost::backoffNanos);
        long pacedNanos = nanos(cost -> Objects.requireNonNullElse(cost.pacedNanos(), 0L));
        long totalNanos = endNanos - startNanos - pacedNanos;
        Outcome outcome = outcome();
        return new QuestionLedger(
                question.id(),
                question.tier(),
                turns,
                finalSql(),
                outcome,
                null,
                null,
                honoured(),
                outcome == Outcome.ANSWERED,
                turns.size() - 1,
                totalNanos,
                modelNanos,
                sqlNanos,
                backoffNanos,
                totalNanos - modelNanos - sqlNanos - backoffNanos,
                tokens(TurnCost::promptTokens),
                tokens(TurnCost::outputTokens),
                startNanos,
                pacedNanos);
    }

    private Outcome outcome() {
        if (failure != null) {
            return switch (failure.kind()) {
                case RATE_LIMITED, UNAVAILABLE_TEMPORARILY -> Outcome.REFUSED;
                case CONTEXT_OVERFLOW -> Outcome.CONTEXT_OVERFLOW;
                case FATAL -> Outcome.MODEL_FAILED;
            };
        }
        SqlExecution execution = turns.getLast().execution();
        if (execution == null) {
            return Outcome.NO_SQL;
        }
        return execution.kind() == SqlExecution.Kind.ROWS ? Outcome.ANSWERED : Outcome.SQL_FAILED;
    }

    private @Nullable String finalSql() {
        return turns.reversed().stream()
                .map(Turn::sql)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private @Nullable Boolean honoured() {
        List<Boolean> known =
                turns.stream().map(Turn::jsonHonoured).filter(Objects::nonNull).toList();
        return known.isEmpty() ? null : !known.contains(false);
    }

    private long nanos(ToLongFunction<TurnCost> share) {
        return turns.stream().map(Turn::cost).mapToLong(share).sum();
    }

    private @Nullable Integer tokens(Function<TurnCost, @Nullable Integer> number) {
        int sum = 0;
        for (Turn turn : turns) {
            Integer tokens = number.apply(turn.cost());
            if (tokens == null) {
                return null;
            }
            sum += tokens;
        }
        return sum;
    }
}
