package io.rackmark.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionLedger.Outcome;
import io.rackmark.runner.result.SqlExecution;
import io.rackmark.runner.result.Turn;
import io.rackmark.runner.result.TurnCost;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class QuestionLedgerJsonTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void aLedgerComesBackFromJsonUnchanged() {
        Turn refused =
                new Turn(
                        0,
                        List.of(new Turn.Line("user", "Q? 😀\0")),
                        null,
                        null,
                        null,
                        null,
                        null,
                        "too many requests",
                        cost(null));
        SqlExecution rows =
                new SqlExecution(
                        SqlExecution.Kind.ROWS,
                        null,
                        1,
                        List.of("a", "a"),
                        List.of(Arrays.asList("1", null)));
        Turn answered = new Turn(1, List.of(), "raw", "SELECT 1", "r", true, rows, null, cost(9));
        QuestionLedger ledger = ledger(List.of(refused, answered));
        String json = JSON.writeValueAsString(ledger);
        assertThat(JSON.readValue(json, QuestionLedger.class)).isEqualTo(ledger);
        assertThat(JSON.readValue(JSON.writeValueAsBytes(ledger), QuestionLedger.class))
                .isEqualTo(ledger);
    }

    @Test
    void aVerdictChangesNothingElse() {
        QuestionLedger ledger = ledger(List.of());
        QuestionLedger judged = ledger.judged(false, true);
        assertThat(judged.correctBag()).isFalse();
        assertThat(judged.correctSet()).isTrue();
        assertThat(judged)
                .usingRecursiveComparison()
                .ignoringFields("correctBag", "correctSet")
                .isEqualTo(ledger);
    }

    private static TurnCost cost(@Nullable Integer tokens) {
        return new TurnCost(tokens, tokens, null, "STOP", "r-1", List.of("r-0"), 1, 2, 3, 4);
    }

    private static QuestionLedger ledger(List<Turn> turns) {
        return new QuestionLedger(
                "q",
                "hard",
                turns,
                "SELECT 1",
                Outcome.ANSWERED,
                null,
                null,
                true,
                true,
                1,
                20,
                1,
                2,
                3,
                14,
                null,
                7,
                null,
                null);
    }
}
