package io.rackmark.runner.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.stats.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class ContrastsTest {
    private static final List<String> SYSTEMS = List.of("e/m/f16", "e/m/q4_0");

    @Test
    void aSystemThatIsRightWhereTheOtherIsWrongIsBetter() {
        List<QuestionRecord> questions = new ArrayList<>();
        questions.addAll(answers("e/m/f16", 20, 1000, q -> q < 4));
        questions.addAll(answers("e/m/q4_0", 20, 1000, q -> q < 16));

        Contrast accuracy = only(questions, "ex_bag");

        assertThat(accuracy.difference().value()).isCloseTo(60, within(1e-9));
        assertThat(accuracy.verdict()).isEqualTo(Verdict.A_BETTER);
    }

    @Test
    void oneQuestionMoreIsNotDistinguishable() {
        List<QuestionRecord> questions = new ArrayList<>();
        questions.addAll(answers("e/m/f16", 25, 1000, q -> q < 18));
        questions.addAll(answers("e/m/q4_0", 25, 1000, q -> q < 19));

        Contrast accuracy = only(questions, "ex_bag");

        assertThat(accuracy.adjustedP()).isEqualTo(1);
        assertThat(accuracy.verdict()).isEqualTo(Verdict.NOT_DISTINGUISHABLE);
    }

    @Test
    void onlyQuestionsThatBothWereAskedCount() {
        List<QuestionRecord> questions = new ArrayList<>();
        questions.addAll(answers("e/m/f16", 10, 2_000_000, q -> true));
        questions.addAll(answers("e/m/q4_0", 8, 1_000_000, q -> true));

        Contrast latency = only(questions, "agent_latency");

        assertThat(latency.difference().n()).isEqualTo(8);
        assertThat(latency.difference().value()).isCloseTo(-1, within(1e-9));
        assertThat(latency.verdict()).isEqualTo(Verdict.A_BETTER);
    }

    @Test
    void pValuesAreCorrectedOverTheWholeTable() {
        List<QuestionRecord> questions = new ArrayList<>();
        questions.addAll(answers("e/m/f16", 20, 1000, q -> q < 9));
        questions.addAll(answers("e/m/q4_0", 20, 1000, q -> q < 15));
        questions.addAll(answers("e/m/q8_0", 20, 1000, q -> q < 15));

        List<Contrast> two =
                Contrasts.of(
                        List.of(),
                        questions,
                        List.of("e/m/f16", "e/m/q4_0", "e/m/q8_0"),
                        "e/m/f16");

        // 2^-5 alone; four tests, of which the two of accuracy are the smallest.
        assertThat(two)
                .filteredOn(c -> c.metric().equals("ex_bag"))
                .extracting(Contrast::adjustedP)
                .allSatisfy(p -> assertThat(p).isCloseTo(4 * 0.03125, within(1e-12)));
    }

    @Test
    void theBaselineIsNotHeldAgainstItself() {
        assertThat(Contrasts.of(List.of(), List.of(), SYSTEMS, "e/m/f16")).isEmpty();
    }

    @Test
    void processesOfTheSpeedWorkloadAreIndependentSamples() {
        List<RequestRecord> requests = new ArrayList<>();
        for (int repeat = 1; repeat <= 5; repeat++) {
            requests.add(request("e/m/f16", repeat, 2_000_000 + repeat));
            requests.add(request("e/m/q4_0", repeat, 1_000_000 + repeat));
        }

        List<Contrast> contrasts = Contrasts.of(requests, List.of(), SYSTEMS, "e/m/f16");

        assertThat(contrasts).extracting(Contrast::metric).containsExactly("ttft", "output_speed");
        assertThat(contrasts)
                .allSatisfy(c -> assertThat(c.verdict()).isEqualTo(Verdict.A_BETTER))
                .extracting(c -> c.difference().n())
                .containsExactly(10, 10);
    }

    private static Contrast only(List<QuestionRecord> questions, String metric) {
        return Contrasts.of(List.of(), questions, SYSTEMS, "e/m/f16").stream()
                .filter(c -> c.metric().equals(metric))
                .findFirst()
                .orElseThrow();
    }

    private static List<QuestionRecord> answers(
            String system, int count, long nanos, IntPredicate right) {
        List<QuestionRecord> answers = new ArrayList<>();
        for (int q = 0; q < count; q++) {
            answers.add(
                    new QuestionRecord(
                            new CellKey(system, "sql", 1),
                            new QuestionLedger(
                                    "q%02d".formatted(q),
                                    "simple",
                                    List.of(),
                                    "SELECT 1",
                                    QuestionLedger.Outcome.ANSWERED,
                                    right.test(q),
                                    right.test(q),
                                    true,
                                    true,
                                    0,
                                    nanos,
                                    nanos,
                                    0,
                                    0,
                                    0,
                                    1,
                                    1,
                                    null,
                                    null)));
        }
        return answers;
    }

    private static RequestRecord request(String system, int repeat, long nanosPerToken) {
        return new RequestRecord(
                new CellKey(system, "speed", repeat),
                "pp8-tg3-1",
                1,
                RequestRecord.Phase.MEASURED,
                RequestRecord.State.COMPLETED,
                0,
                List.of(nanosPerToken, 2 * nanosPerToken, 3 * nanosPerToken),
                8,
                "00",
                3,
                "LENGTH",
                null,
                0L,
                null);
    }
}
