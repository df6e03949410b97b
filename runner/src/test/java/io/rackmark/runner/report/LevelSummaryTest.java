package io.rackmark.runner.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.cost.Span;
import io.rackmark.runner.result.AgentLabel;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Environment;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionLedger.Outcome;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RemoteTrace;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.result.SystemUnderTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Levels whose every time is known. */
class LevelSummaryTest {
    private static final long S = 1_000_000_000;
    private static final String SYSTEM = "e/m/f16";
    private static final CellKey CELL = new CellKey(SYSTEM, "agent", 1);

    private final List<QuestionRecord> questions = new ArrayList<>();
    private final List<RequestRecord> requests = new ArrayList<>();

    @Test
    void ratesAreThoseOfTheTimeInWhichAllUsersAreBusy() {
        // Two users: one answers at 10, 20, 30 s, the other (who begins at 2 s) at 12, 22 s.
        ask(label(2, "a"), 0, 10, true);
        ask(label(2, "b"), 2, 12, true);
        ask(label(2, "c"), 10, 20, false);
        ask(label(2, "d"), 12, 22, true);
        ask(label(2, "e"), 20, 30, true);

        LevelSummary level = only();

        // Busy from 2 s to 22 s: a, b, d are right in 20 s. From 0 to 30 s: four.
        assertThat(value(level, "correct_per_minute", "rate")).isCloseTo(9, within(1e-9));
        assertThat(value(level, "raw_correct_per_minute", "rate")).isCloseTo(8, within(1e-9));
        assertThat(level.figure("correct_per_minute", "rate").orElseThrow().n()).isEqualTo(4);
        // One token a second, the first a second after the question: 8+10+10+10+2 in (2, 22].
        assertThat(value(level, "system_output_speed", "rate")).isCloseTo(2, within(1e-9));
        assertThat(value(level, "ex_bag", "proportion")).isEqualTo(0.8);
        assertThat(value(level, "seconds_per_answer", "ratio")).isCloseTo(5, within(1e-9));
        assertThat(level.questions()).isEqualTo(5);
    }

    @Test
    void withFewerQuestionsThanUsersNothingIsSteady() {
        ask(label(3, "a"), 0, 10, true);
        ask(label(3, "b"), 0, 10, true);

        Figure rate = only().figure("correct_per_minute", "rate").orElseThrow();

        assertThat(rate.value()).isNull();
        assertThat(rate.reason()).contains("fewer questions than users");
        assertThat(value(only(), "raw_correct_per_minute", "rate")).isCloseTo(12, within(1e-9));
    }

    @Test
    void roundsOfAQuestionAreAveraged() {
        ask(new AgentLabel(1, 1, 1, "a"), 0, 1, true);
        ask(new AgentLabel(1, 2, 1, "a"), 1, 2, false);

        Figure accuracy = only().figure("ex_bag", "proportion").orElseThrow();

        assertThat(accuracy.value()).isEqualTo(0.5);
        assertThat(accuracy.n()).isEqualTo(1);
    }

    @Test
    void ofALevelThatWasBegunTwiceTheWholeOneCounts() {
        ask(new AgentLabel(2, 1, 1, "a"), 0, 1, false);
        ask(new AgentLabel(2, 1, 2, "a"), 100, 101, true);
        ask(new AgentLabel(2, 1, 2, "b"), 100, 102, true);

        assertThat(only().questions()).isEqualTo(2);
        assertThat(value(only(), "ex_bag", "proportion")).isEqualTo(1);
    }

    @Test
    void refusalsAreCountedOverRequestsAndFailuresOverQuestions() {
        ask(label(1, "a"), 0, 10, true);
        requests.add(refused(label(1, "a") + "/9", 429));
        requests.add(refused(label(1, "a") + "/8", 503));
        questions.add(new QuestionRecord(CELL, ledger(label(1, "b"), 10, 20, Outcome.REFUSED)));

        assertThat(value(only(), "refusal_rate", "proportion")).isCloseTo(1 / 3.0, within(1e-9));
        assertThat(value(only(), "error_rate", "proportion")).isEqualTo(0.5);
    }

    @Test
    void percentilesKeepToTheirFloors() {
        for (int i = 0; i < 64; i++) {
            ask(label(1, "q" + i), i, i + 1, true);
        }
        assertThat(value(only(), "agent_latency", "p50")).isEqualTo(1000);
        assertThat(value(only(), "agent_latency", "p90")).isEqualTo(1000);
        assertThat(only().figure("agent_latency", "p99").orElseThrow().reason())
                .isEqualTo("needs n >= 662, have 64");
    }

    @Test
    void accuracyThatChangesUnderLoadIsFlagged() {
        for (int i = 0; i < 20; i++) {
            ask(label(1, "q" + i), i, i + 1, true);
            ask(label(5, "q" + i), 100 + i, 105 + i, i % 5 == 0);
            ask(label(10, "q" + i), 200 + i, 210 + i, i % 10 != 0);
        }

        RunSummary summary = summary(RunInputs.NONE);

        assertThat(summary.flags())
                .filteredOn(flag -> flag.kind() == Flag.Kind.ACCURACY_BY_LOAD)
                .singleElement()
                .satisfies(flag -> assertThat(flag.message()).contains("with 5 users"));
        assertThat(summary.systems().getFirst().figure("ex_bag", "proportion").orElseThrow().n())
                .as("questions under load are not those of the sql workload")
                .isZero();
        assertThat(RunReport.of(summary)).contains("users  answers  ").doesNotContain("prefill");
    }

    @Test
    void withTheCostOfTheBoxEachLevelHasItsCost() {
        ask(label(1, "a"), 0, 36, true);
        Span one = Span.of(1);
        CostInputs box =
                new CostInputs(Span.of(8760), one, one, Span.of(0), one, one, Span.of(0), "CHF");

        String report = RunReport.of(summary(new RunInputs(box, false)));

        assertThat(report).contains("TTFT ms  per 1k\n").contains("–    10.0\n");
        assertThat(RunReport.of(summary(RunInputs.NONE))).doesNotContain("per 1k");
    }

    private RunSummary summary(RunInputs inputs) {
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
                                        SYSTEM, "e", "m", "f16", "a", "b", false, Map.of())),
                        new Environment("os", "arch", "cpu", 2, null, "jvm", null, null, List.of()),
                        List.of());
        CellRecord done =
                new CellRecord(CELL, CellRecord.State.DONE, null, null, null, List.of(), List.of());
        return RunSummary.of(run, List.of(done), requests, questions, List.of(), inputs);
    }

    private LevelSummary only() {
        List<LevelSummary> levels = LevelSummary.of(requests, questions);
        assertThat(levels).hasSize(1);
        return levels.getFirst();
    }

    private static double value(LevelSummary level, String metric, String statistic) {
        return Objects.requireNonNull(level.figure(metric, statistic).orElseThrow().value());
    }

    private static AgentLabel label(int users, String question) {
        return new AgentLabel(users, 1, 1, question);
    }

    /** One request, a token a second from a second after the question to the answer. */
    private void ask(AgentLabel label, long fromSeconds, long toSeconds, boolean right) {
        questions.add(
                new QuestionRecord(
                        CELL,
                        ledger(label, fromSeconds, toSeconds, Outcome.ANSWERED)
                                .judged(right, right)));
        List<Long> tokens =
                LongStream.rangeClosed(fromSeconds + 1, toSeconds).mapToObj(s -> s * S).toList();
        requests.add(
                new RequestRecord(
                        CELL,
                        label + "/0",
                        label.attempt(),
                        RequestRecord.Phase.MEASURED,
                        RequestRecord.State.COMPLETED,
                        fromSeconds * S,
                        tokens,
                        100,
                        "aa",
                        tokens.size(),
                        "STOP",
                        null,
                        null,
                        null));
    }

    private static QuestionLedger ledger(
            AgentLabel label, long fromSeconds, long toSeconds, Outcome outcome) {
        long total = (toSeconds - fromSeconds) * S;
        return new QuestionLedger(
                label.toString(),
                "easy",
                List.of(),
                null,
                outcome,
                null,
                null,
                null,
                true,
                0,
                total,
                total,
                0,
                0,
                0,
                null,
                null,
                fromSeconds * S,
                0L);
    }

    private static RequestRecord refused(String label, int status) {
        return new RequestRecord(
                CELL,
                label,
                1,
                RequestRecord.Phase.MEASURED,
                RequestRecord.State.FAILED,
                0,
                List.of(),
                null,
                "",
                null,
                null,
                null,
                null,
                "refused",
                new RemoteTrace(
                        false,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        1,
                        null,
                        null,
                        null,
                        null,
                        null,
                        status,
                        "RATE_LIMITED",
                        0L));
    }
}
