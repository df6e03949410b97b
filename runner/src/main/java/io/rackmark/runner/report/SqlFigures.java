package io.rackmark.runner.report;

import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.stats.Proportion;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Figures of the text-to-SQL workload. The sample is the question: repeats of it are averaged. */
final class SqlFigures {
    private static final double NANOS_PER_MS = 1e6;
    private static final double NANOS_PER_S = 1e9;

    private SqlFigures() {}

    static List<Figure> of(List<QuestionLedger> ledgers) {
        return List.of(
                proportion("ex_bag", ledgers, QuestionLedger::correctBag),
                proportion("ex_set", ledgers, QuestionLedger::correctSet),
                proportion("json_honoured", ledgers, QuestionLedger::jsonHonoured),
                proportion("executable", ledgers, QuestionLedger::executable),
                Samples.of(ledgers, QuestionLedger::repairs, 1).mean("repairs", "turns"),
                Samples.of(ledgers, QuestionLedger::totalNanos, NANOS_PER_MS)
                        .median("agent_latency", "ms"),
                Samples.of(ledgers, QuestionLedger::modelNanos, NANOS_PER_MS)
                        .mean("agent_model_time", "ms"),
                Samples.of(ledgers, QuestionLedger::sqlNanos, NANOS_PER_MS)
                        .mean("agent_sql_time", "ms"),
                perCorrectAnswer(ledgers));
    }

    /** Share of questions, each counted by the share of its repeats; Wilson over questions. */
    static Figure proportion(
            String metric,
            List<QuestionLedger> ledgers,
            Function<QuestionLedger, @Nullable Boolean> of) {
        Map<String, Double> byQuestion =
                ledgers.stream()
                        .filter(ledger -> of.apply(ledger) != null)
                        .collect(
                                Collectors.groupingBy(
                                        QuestionLedger::questionId,
                                        Collectors.averagingInt(
                                                ledger ->
                                                        Boolean.TRUE.equals(of.apply(ledger))
                                                                ? 1
                                                                : 0)));
        int n = byQuestion.size();
        if (n == 0) {
            return new Figure(metric, "proportion", "", null, null, null, 0, "not measured");
        }
        double met = byQuestion.values().stream().mapToDouble(Double::doubleValue).sum();
        return Samples.figure(metric, "proportion", "", Proportion.wilson(Math.min(met, n), n));
    }

    private static Figure perCorrectAnswer(List<QuestionLedger> ledgers) {
        long judged =
                ledgers.stream().map(QuestionLedger::correctBag).filter(Objects::nonNull).count();
        long correct = ledgers.stream().filter(l -> Boolean.TRUE.equals(l.correctBag())).count();
        String metric = "seconds_per_correct_answer";
        int n = ledgers.size();
        if (judged == 0) {
            return new Figure(metric, "ratio", "s", null, null, null, n, "not measured");
        }
        if (correct == 0) {
            return new Figure(metric, "ratio", "s", null, null, null, n, "no answer was correct");
        }
        double seconds = ledgers.stream().mapToLong(QuestionLedger::totalNanos).sum() / NANOS_PER_S;
        return new Figure(metric, "ratio", "s", seconds / correct, null, null, n, null);
    }
}
