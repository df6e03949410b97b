package io.rackmark.runner.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.cost.Span;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Environment;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RemoteTrace;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.result.SystemUnderTest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SystemCostTest {
    private static final long S = 1_000_000_000;
    private static final CellKey HERE = new CellKey("e/m/f16", "sql", 1);
    private static final CellKey THERE = new CellKey("acme/m/served", "sql", 1);

    @Test
    void aRunWhosePlanSaysWhatTheBoxCostsShowsTheCostOfItsAnswers() {
        // 1.5 per hour at half use: a second costs 1.5 / 3600 / 0.5.
        RunSummary summary = summary(new RunInputs(box("USD"), false));

        SystemCost here = summary.costs().getFirst();
        assertThat(here.here()).isTrue();
        assertThat(here.secondsPerQuery()).isEqualTo(3);
        assertThat(span(here.perQuery()).low()).isCloseTo(3 * 3.0 / 3600, within(1e-12));
        assertThat(span(here.perCorrectAnswer()).low()).isCloseTo(6 * 3.0 / 3600, within(1e-12));
        SystemCost there = summary.costs().getLast();
        assertThat(there.here()).isFalse();
        assertThat(span(there.perQuery()).low()).isCloseTo(0.01, within(1e-12));
        assertThat(RunReport.of(summary))
                .contains("per 1k right", "2.50", "USD")
                .doesNotContain("not converted");
        assertThat(SystemCost.volumes(summary.costs(), box("USD"))).hasSize(1);
    }

    @Test
    void currenciesAreNotMixed() {
        RunSummary summary = summary(new RunInputs(box("EUR"), false));

        assertThat(summary.costs()).extracting(SystemCost::currency).containsExactly("EUR", "USD");
        assertThat(SystemCost.volumes(summary.costs(), box("EUR"))).isEmpty();
        assertThat(RunReport.of(summary)).contains("not converted: no break-even");
    }

    @Test
    void withoutInputsTheRunTableHasNoCost() {
        assertThat(summary(RunInputs.NONE).costs()).isEmpty();
        assertThat(RunReport.of(summary(RunInputs.NONE))).doesNotContain("per 1k right");
    }

    private static Span span(@org.jspecify.annotations.Nullable Span span) {
        return Objects.requireNonNull(span);
    }

    private static CostInputs box(String currency) {
        return new CostInputs(
                Span.of(8760),
                Span.of(1),
                Span.of(0.5),
                Span.of(500),
                Span.of(2),
                Span.of(0.2),
                Span.of(0.3),
                currency);
    }

    private static RunSummary summary(RunInputs inputs) {
        RunRecord run =
                new RunRecord(
                        "r",
                        1,
                        "0",
                        Instant.EPOCH,
                        null,
                        RunRecord.State.DONE,
                        "{}",
                        List.of(
                                new SystemUnderTest(
                                        HERE.system(), "e", "m", "f16", "a", "b", false, Map.of()),
                                new SystemUnderTest(
                                        THERE.system(),
                                        "acme",
                                        "m",
                                        SystemUnderTest.SERVED,
                                        "",
                                        "",
                                        false,
                                        Map.of())),
                        new Environment("os", "arch", "cpu", 2, null, "jvm", null, null, List.of()),
                        List.of());
        return RunSummary.of(
                run,
                List.of(done(HERE), done(THERE)),
                List.of(paid("a"), paid("b")),
                List.of(
                        answer(HERE, "a", true),
                        answer(HERE, "b", false),
                        answer(THERE, "a", true),
                        answer(THERE, "b", true)),
                List.of(),
                inputs);
    }

    private static CellRecord done(CellKey key) {
        return new CellRecord(key, CellRecord.State.DONE, null, null, null, List.of(), List.of());
    }

    private static QuestionRecord answer(CellKey cell, String id, boolean right) {
        return new QuestionRecord(
                cell,
                new QuestionLedger(
                                id,
                                "easy",
                                List.of(),
                                "SELECT 1",
                                QuestionLedger.Outcome.ANSWERED,
                                null,
                                null,
                                true,
                                true,
                                0,
                                3 * S,
                                3 * S,
                                0,
                                0,
                                0,
                                null,
                                null,
                                null,
                                null)
                        .judged(right, right));
    }

    private static RequestRecord paid(String question) {
        return new RequestRecord(
                THERE,
                question + "/0",
                1,
                RequestRecord.Phase.MEASURED,
                RequestRecord.State.COMPLETED,
                0,
                List.of(S, 3 * S),
                100,
                "",
                20,
                "STOP",
                null,
                null,
                null,
                new RemoteTrace(
                        false, null, null, null, null, null, null, 3 * S, null, null, null, 0.01,
                        "m", null, null, 0L));
    }
}
