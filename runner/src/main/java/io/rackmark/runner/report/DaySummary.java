package io.rackmark.runner.report;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.stats.Percentile;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One system in a run that is spread over the day.
 *
 * @param workload whose requests are counted
 * @param figures percentiles over all probes
 * @param hours hours of the day in which probes began, in order
 */
public record DaySummary(String workload, List<Figure> figures, List<HourSummary> hours) {
    private static final double NANOS_PER_MS = 1e6;

    /** What users wait for first, then what engines do. */
    private static final List<String> WORKLOADS = List.of("sql", "agent", "speed");

    /**
     * @param hour of the day, UTC, 0 to 23
     * @param probes that began in it
     * @param requests that were answered
     * @param figures {@code ttft}, {@code e2e}, {@code ex_bag} and {@code refusal_rate}
     */
    public record HourSummary(int hour, int probes, int requests, List<Figure> figures) {
        public HourSummary {
            figures = List.copyOf(figures);
        }

        /** The figure of this metric. */
        public Optional<Figure> figure(String metric) {
            return figures.stream().filter(f -> f.metric().equals(metric)).findFirst();
        }
    }

    public DaySummary {
        figures = List.copyOf(figures);
        hours = List.copyOf(hours);
    }

    /**
     * All records are those of one system.
     *
     * @return null when no probe has left anything
     */
    static @Nullable DaySummary of(
            List<CellRecord> cells, List<RequestRecord> requests, List<QuestionRecord> questions) {
        Optional<String> workload =
                WORKLOADS.stream()
                        .filter(
                                name ->
                                        requests.stream()
                                                .anyMatch(r -> r.cell().workload().equals(name)))
                        .findFirst();
        return workload.map(
                        name ->
                                of(
                                        name,
                                        hours(cells),
                                        requests.stream()
                                                .filter(r -> r.cell().workload().equals(name))
                                                .filter(
                                                        r ->
                                                                r.phase()
                                                                        == RequestRecord.Phase
                                                                                .MEASURED)
                                                .toList(),
                                        questions.stream()
                                                .filter(q -> q.cell().workload().equals(name))
                                                .toList()))
                .orElse(null);
    }

    private static DaySummary of(
            String workload,
            Map<CellKey, Integer> hours,
            List<RequestRecord> requests,
            List<QuestionRecord> questions) {
        List<Figure> figures = new ArrayList<>();
        List<RequestRecord> answered = answered(requests);
        figures.addAll(percentiles("ttft", answered, SystemFigures::ttftNanos));
        figures.addAll(percentiles("e2e", answered, SystemFigures::e2eNanos));
        List<QuestionLedger> ledgers = questions.stream().map(QuestionRecord::ledger).toList();
        if (!ledgers.isEmpty()) {
            figures.addAll(percentiles("agent_latency", ledgers, QuestionLedger::totalNanos));
        }
        TreeMap<Integer, List<RequestRecord>> byHour =
                requests.stream()
                        .filter(r -> hours.containsKey(r.cell()))
                        .collect(
                                Collectors.groupingBy(
                                        r -> hours.getOrDefault(r.cell(), 0),
                                        TreeMap::new,
                                        Collectors.toList()));
        List<HourSummary> summaries = new ArrayList<>();
        byHour.forEach(
                (hour, sent) ->
                        summaries.add(
                                hour(
                                        hour,
                                        sent,
                                        questions.stream()
                                                .filter(q -> hour.equals(hours.get(q.cell())))
                                                .map(QuestionRecord::ledger)
                                                .toList())));
        return new DaySummary(workload, figures, summaries);
    }

    private static HourSummary hour(
            int hour, List<RequestRecord> requests, List<QuestionLedger> ledgers) {
        List<RequestRecord> answered = answered(requests);
        return new HourSummary(
                hour,
                (int) requests.stream().map(r -> r.cell().repeat()).distinct().count(),
                answered.size(),
                List.of(
                        Samples.of(answered, SystemFigures::ttftNanos, NANOS_PER_MS)
                                .median("ttft", "ms"),
                        Samples.of(answered, SystemFigures::e2eNanos, NANOS_PER_MS)
                                .median("e2e", "ms"),
                        SqlFigures.proportion(
                                "ex_bag",
                                LevelSummary.byQuestion(ledgers),
                                QuestionLedger::correctBag),
                        LevelSummary.share(
                                "refusal_rate",
                                requests.stream().filter(LevelSummary::refused),
                                requests.size())));
    }

    private static List<RequestRecord> answered(List<RequestRecord> requests) {
        return requests.stream().filter(r -> r.state() == RequestRecord.State.COMPLETED).toList();
    }

    private static <T> List<Figure> percentiles(
            String metric, List<T> records, Function<T, @Nullable Long> nanos) {
        return LevelSummary.percentiles(
                metric,
                SystemFigures.values(records, nanos).mapToDouble(n -> n / NANOS_PER_MS).toArray(),
                Arrays.asList(Percentile.values()));
    }

    /** The hour in which each cell began. */
    private static Map<CellKey, Integer> hours(List<CellRecord> cells) {
        Map<CellKey, Integer> hours = new HashMap<>();
        for (CellRecord cell : cells) {
            cell.fact(CellRecord.BEGUN)
                    .flatMap(DaySummary::instant)
                    .ifPresent(
                            begun ->
                                    hours.put(
                                            cell.key(), begun.atOffset(ZoneOffset.UTC).getHour()));
        }
        return hours;
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty(); // of a run that somebody else exported
        }
    }
}
