package io.rackmark.runner.report;

import io.rackmark.runner.report.LevelRun.Window;
import io.rackmark.runner.result.AgentLabel;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RemoteTrace;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.stats.Percentile;
import io.rackmark.runner.stats.Proportion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one system while so many users ask the agent at a time.
 *
 * @param users at a time
 * @param questions answered ones, whatever the answer was, all rounds and processes
 * @param figures as the methodology page defines them
 */
public record LevelSummary(int users, int questions, List<Figure> figures) {
    private static final double NANOS_PER_MS = 1e6;
    private static final double SECONDS_PER_MINUTE = 60;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final String NEVER_BUSY =
            "never were all users busy: fewer questions than users";

    public LevelSummary {
        figures = List.copyOf(figures);
    }

    /** The figure of this metric and statistic. */
    public Optional<Figure> figure(String metric, String statistic) {
        return figures.stream()
                .filter(f -> f.metric().equals(metric) && f.statistic().equals(statistic))
                .findFirst();
    }

    /** One per level, the smallest first. */
    static List<LevelSummary> of(List<RequestRecord> requests, List<QuestionRecord> questions) {
        Map<Integer, List<LevelRun>> levels =
                LevelRun.of(requests, questions).stream()
                        .collect(
                                Collectors.groupingBy(
                                        LevelRun::users, TreeMap::new, Collectors.toList()));
        List<LevelSummary> summaries = new ArrayList<>();
        levels.forEach((users, runs) -> summaries.add(of(users, runs)));
        return summaries;
    }

    private static LevelSummary of(int users, List<LevelRun> runs) {
        List<QuestionLedger> ledgers = runs.stream().flatMap(r -> r.questions().stream()).toList();
        List<RequestRecord> requests = runs.stream().flatMap(r -> r.requests().stream()).toList();
        List<RequestRecord> answered =
                requests.stream().filter(r -> r.state() == RequestRecord.State.COMPLETED).toList();
        List<Figure> figures = new ArrayList<>();
        figures.add(
                SqlFigures.proportion("ex_bag", byQuestion(ledgers), QuestionLedger::correctBag));
        figures.addAll(latency(ledgers));
        figures.add(
                share("error_rate", ledgers.stream().filter(LevelSummary::failed), ledgers.size()));
        figures.add(
                share(
                        "refusal_rate",
                        requests.stream().filter(LevelSummary::refused),
                        requests.size()));
        figures.addAll(rates(runs));
        figures.add(secondsPerAnswer(runs));
        figures.add(
                Samples.of(answered, SystemFigures::ttftNanos, NANOS_PER_MS).median("ttft", "ms"));
        if (requests.stream().anyMatch(r -> r.remote() != null)) {
            RemoteFigures remote = new RemoteFigures(answered, requests, ledgers);
            figures.add(remote.backoff());
            figures.add(remote.paced());
            figures.add(remote.costPerQuery());
            figures.add(remote.costPerCorrectAnswer());
        }
        return new LevelSummary(users, ledgers.size(), figures);
    }

    /** Under the ids of the question set, so that rounds of a question are averaged. */
    static List<QuestionLedger> byQuestion(List<QuestionLedger> ledgers) {
        return ledgers.stream().map(LevelSummary::plain).toList();
    }

    private static QuestionLedger plain(QuestionLedger ledger) {
        return AgentLabel.of(ledger.questionId())
                .map(label -> ledger.named(label.question()))
                .orElse(ledger);
    }

    private static List<Figure> latency(List<QuestionLedger> ledgers) {
        double[] millis =
                SystemFigures.values(ledgers, QuestionLedger::totalNanos)
                        .mapToDouble(nanos -> nanos / NANOS_PER_MS)
                        .toArray();
        return percentiles(
                "agent_latency", millis, List.of(Percentile.P50, Percentile.P90, Percentile.P99));
    }

    /** Each under its own name, absent below its floor. */
    static List<Figure> percentiles(String metric, double[] millis, List<Percentile> wanted) {
        return wanted.stream()
                .map(
                        percentile ->
                                Samples.figure(
                                        metric,
                                        percentile.name().toLowerCase(Locale.ROOT),
                                        "ms",
                                        percentile.of(millis)))
                .toList();
    }

    /** No answer came from the model; a wrong answer is no error. */
    static boolean failed(QuestionLedger ledger) {
        return switch (ledger.outcome()) {
            case REFUSED, MODEL_FAILED, CONTEXT_OVERFLOW -> true;
            case ANSWERED, NO_SQL, SQL_FAILED -> false;
        };
    }

    /** HTTP 429; in process nothing is refused. */
    static boolean refused(RequestRecord request) {
        @Nullable RemoteTrace trace = request.remote();
        @Nullable Integer status = trace == null ? null : trace.status();
        return status != null && status == TOO_MANY_REQUESTS;
    }

    static Figure share(String metric, Stream<?> met, int n) {
        return n == 0
                ? absent(metric, "proportion", "", "not measured")
                : Samples.figure(
                        metric, "proportion", "", Proportion.wilson((double) met.count(), n));
    }

    private static List<Figure> rates(List<LevelRun> runs) {
        return List.of(
                rate(
                        new Rate("correct_per_minute", "1/min", SECONDS_PER_MINUTE),
                        runs,
                        LevelRun::steady,
                        (run, window) -> (double) run.correct(window),
                        NEVER_BUSY),
                rate(
                        new Rate("raw_correct_per_minute", "1/min", SECONDS_PER_MINUTE),
                        runs,
                        LevelRun::span,
                        (run, window) -> (double) run.correct(window),
                        "not measured"),
                rate(
                        new Rate("system_output_speed", "tok/s", 1),
                        runs,
                        LevelRun::steady,
                        LevelRun::tokens,
                        NEVER_BUSY));
    }

    /** What one answer keeps the machine busy when it has so many askers. */
    private static Figure secondsPerAnswer(List<LevelRun> runs) {
        double seconds = 0;
        long answers = 0;
        for (LevelRun run : runs) {
            @Nullable Window window = run.steady();
            if (window != null) {
                seconds += window.seconds();
                answers += run.answers(window);
            }
        }
        String metric = "seconds_per_answer";
        return answers == 0
                ? absent(metric, "ratio", "s", NEVER_BUSY)
                : new Figure(
                        metric,
                        "ratio",
                        "s",
                        seconds / answers,
                        null,
                        null,
                        Math.toIntExact(answers),
                        null);
    }

    /**
     * @param scale seconds in its unit of time
     */
    private record Rate(String metric, String unit, double scale) {}

    /** What is counted in a window; null when it is not known. */
    private interface Count {
        @Nullable Double in(LevelRun run, Window window);
    }

    /** All counts over all windows together. */
    private static Figure rate(
            Rate rate,
            List<LevelRun> runs,
            Function<LevelRun, @Nullable Window> windows,
            Count count,
            String none) {
        double sum = 0;
        double seconds = 0;
        long answers = 0;
        for (LevelRun run : runs) {
            @Nullable Window window = windows.apply(run);
            if (window != null) {
                @Nullable Double counted = count.in(run, window);
                if (counted == null) {
                    return absent(
                            rate.metric(), "rate", rate.unit(), "the endpoint does not count");
                }
                sum += counted;
                seconds += window.seconds();
                answers += run.answers(window);
            }
        }
        return seconds == 0
                ? absent(rate.metric(), "rate", rate.unit(), none)
                : new Figure(
                        rate.metric(),
                        "rate",
                        rate.unit(),
                        sum / seconds * rate.scale(),
                        null,
                        null,
                        Math.toIntExact(answers),
                        null);
    }

    private static Figure absent(String metric, String statistic, String unit, String reason) {
        return new Figure(metric, statistic, unit, null, null, null, 0, reason);
    }
}
