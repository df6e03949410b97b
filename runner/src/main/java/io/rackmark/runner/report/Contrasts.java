package io.rackmark.runner.report;

import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.stats.Bootstrap;
import io.rackmark.runner.stats.Comparison;
import io.rackmark.runner.stats.Holm;
import io.rackmark.runner.stats.McNemar;
import io.rackmark.runner.stats.Statistic;
import io.rackmark.runner.stats.Verdict;
import io.rackmark.runner.stats.Verdict.Better;
import io.rackmark.runner.stats.Welch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Systems against one baseline on the same work: questions are paired, processes of the speed
 * workload are independent samples.
 */
public final class Contrasts {
    private static final long SEED = 20_261_123;
    private static final double NANOS_PER_MS = 1e6;
    private static final double PERCENT = 100;

    /** A metric of the speed workload, request by request. */
    private record SpeedMetric(
            String name,
            String unit,
            Function<RequestRecord, @Nullable Double> of,
            Better better) {}

    private static final SpeedMetric TTFT =
            new SpeedMetric("ttft", "ms", Contrasts::ttftMillis, Better.LOWER);
    private static final SpeedMetric OUTPUT_SPEED =
            new SpeedMetric("output_speed", "tok/s", SystemFigures::outputSpeed, Better.HIGHER);

    private final List<RequestRecord> requests;
    private final List<QuestionRecord> questions;

    private Contrasts(List<RequestRecord> requests, List<QuestionRecord> questions) {
        this.requests = requests;
        this.questions = questions;
    }

    /**
     * Every contrast of the systems with the baseline that the records allow.
     *
     * @param systems ids, in table order; the baseline among them is skipped
     */
    public static List<Contrast> of(
            List<RequestRecord> requests,
            List<QuestionRecord> questions,
            List<String> systems,
            String baseline) {
        Contrasts records = new Contrasts(requests, questions);
        List<Raw> raw =
                systems.stream()
                        .filter(system -> !system.equals(baseline))
                        .flatMap(system -> records.against(system, baseline).stream())
                        .toList();
        double[] adjusted =
                Holm.adjust(
                        raw.stream()
                                .map(Raw::comparison)
                                .map(Comparison::p)
                                .filter(Objects::nonNull)
                                .mapToDouble(p -> p)
                                .toArray());
        List<Contrast> contrasts = new ArrayList<>();
        int tested = 0;
        for (Raw one : raw) {
            boolean test = one.comparison().p() != null;
            contrasts.add(one.contrast(test ? (Double) adjusted[tested] : null));
            tested += test ? 1 : 0;
        }
        return contrasts;
    }

    /** A comparison before the correction for the whole table. */
    private record Raw(
            String metric, String unit, String a, String b, Comparison comparison, Better better) {

        Contrast contrast(@Nullable Double adjustedP) {
            @Nullable Double value = comparison.difference().value();
            return new Contrast(
                    metric,
                    unit,
                    a,
                    b,
                    comparison.difference(),
                    adjustedP,
                    adjustedP == null || value == null
                            ? Verdict.NOT_DISTINGUISHABLE
                            : Verdict.of(value, adjustedP, better));
        }
    }

    private List<Raw> against(String a, String b) {
        List<Raw> raw = new ArrayList<>();
        accuracy(a, b, raw);
        latency(a, b, raw);
        speed(a, b, TTFT).ifPresent(raw::add);
        speed(a, b, OUTPUT_SPEED).ifPresent(raw::add);
        return raw;
    }

    /** In percentage points; the p-value is McNemar's, over questions right in most repeats. */
    private void accuracy(String a, String b, List<Raw> raw) {
        Map<String, Double> first = byQuestion(a, Contrasts::right);
        Map<String, Double> second = byQuestion(b, Contrasts::right);
        List<String> both = shared(first, second);
        if (both.isEmpty()) {
            return;
        }
        int onlyA = 0;
        int onlyB = 0;
        for (String question : both) {
            boolean rightA = value(first, question) > PERCENT / 2;
            boolean rightB = value(second, question) > PERCENT / 2;
            onlyA += rightA && !rightB ? 1 : 0;
            onlyB += rightB && !rightA ? 1 : 0;
        }
        Comparison spread = paired(first, second, both);
        raw.add(
                new Raw(
                        "ex_bag",
                        "points",
                        a,
                        b,
                        new Comparison(
                                spread.difference(),
                                spread.difference().value() == null
                                        ? null
                                        : (Double) McNemar.exact(onlyA, onlyB),
                                null),
                        Better.HIGHER));
    }

    private void latency(String a, String b, List<Raw> raw) {
        Map<String, Double> first = byQuestion(a, l -> l.totalNanos() / NANOS_PER_MS);
        Map<String, Double> second = byQuestion(b, l -> l.totalNanos() / NANOS_PER_MS);
        List<String> both = shared(first, second);
        if (!both.isEmpty()) {
            raw.add(
                    new Raw(
                            "agent_latency",
                            "ms",
                            a,
                            b,
                            paired(first, second, both),
                            Better.LOWER));
        }
    }

    private Optional<Raw> speed(String a, String b, SpeedMetric metric) {
        double[] first = byProcess(a, metric.of());
        double[] second = byProcess(b, metric.of());
        return first.length == 0 || second.length == 0
                ? Optional.empty()
                : Optional.of(
                        new Raw(
                                metric.name(),
                                metric.unit(),
                                a,
                                b,
                                Welch.test(first, second),
                                metric.better()));
    }

    private static Comparison paired(
            Map<String, Double> a, Map<String, Double> b, List<String> questions) {
        return Bootstrap.paired(
                questions.stream().mapToDouble(q -> value(a, q)).toArray(),
                questions.stream().mapToDouble(q -> value(b, q)).toArray(),
                Statistic.MEAN,
                SEED);
    }

    private static List<String> shared(Map<String, Double> a, Map<String, Double> b) {
        return a.keySet().stream().filter(b::containsKey).toList();
    }

    private static double value(Map<String, Double> values, String question) {
        return Objects.requireNonNull(values.get(question));
    }

    /** Means over the repeats of each question, in the order of the ids. */
    private Map<String, Double> byQuestion(
            String system, Function<QuestionLedger, @Nullable Double> of) {
        return questions.stream()
                .filter(q -> q.cell().system().equals(system))
                .filter(q -> q.cell().workload().equals("sql"))
                .map(QuestionRecord::ledger)
                .filter(ledger -> of.apply(ledger) != null)
                .collect(
                        Collectors.groupingBy(
                                QuestionLedger::questionId,
                                TreeMap::new,
                                Collectors.averagingDouble(
                                        ledger -> Objects.requireNonNull(of.apply(ledger)))));
    }

    private static @Nullable Double right(QuestionLedger ledger) {
        @Nullable Boolean correct = ledger.correctBag();
        return correct == null ? null : (Double) (correct ? PERCENT : 0);
    }

    private static @Nullable Double ttftMillis(RequestRecord request) {
        @Nullable Long nanos = SystemFigures.ttftNanos(request);
        return nanos == null ? null : (Double) (nanos / NANOS_PER_MS);
    }

    /** The mean of each process: requests of one process are not independent. */
    private double[] byProcess(String system, Function<RequestRecord, @Nullable Double> of) {
        List<RequestRecord> mine =
                requests.stream().filter(r -> r.cell().system().equals(system)).toList();
        return SpeedRound.base(SystemFigures.measured(mine, "speed")).stream()
                .filter(request -> of.apply(request) != null)
                .collect(
                        Collectors.groupingBy(
                                request -> request.cell().repeat(),
                                TreeMap::new,
                                Collectors.averagingDouble(
                                        request -> Objects.requireNonNull(of.apply(request)))))
                .values()
                .stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }
}
