package io.rackmark.runner.report;

import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.Memory;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RequestRecord.Phase;
import io.rackmark.runner.result.SpeedCase;
import io.rackmark.runner.result.SpeedLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The figures of one system, each as the methodology page defines it. */
final class SystemFigures {
    private static final double NANOS_PER_MS = 1e6;
    private static final double NANOS_PER_S = 1e9;

    private final List<CellRecord> cells;
    private final List<RequestRecord> all;
    private final List<RequestRecord> speed;
    private final List<RequestRecord> sql;
    private final List<RequestRecord> attempts;
    private final boolean remote;
    private final List<QuestionLedger> ledgers;

    SystemFigures(
            List<CellRecord> cells, List<RequestRecord> requests, List<QuestionRecord> questions) {
        this.cells = cells.stream().filter(c -> c.state() == CellRecord.State.DONE).toList();
        this.all = completed(requests, "speed");
        this.speed = measured(requests, "speed");
        this.sql = measured(requests, "sql");
        this.attempts =
                requests.stream()
                        .filter(r -> r.cell().workload().equals("sql"))
                        .filter(r -> r.phase() == Phase.MEASURED)
                        .toList();
        this.remote = requests.stream().anyMatch(r -> r.remote() != null);
        this.ledgers =
                questions.stream()
                        .filter(q -> q.cell().workload().equals("sql"))
                        .map(QuestionRecord::ledger)
                        .toList();
    }

    List<Figure> all() {
        List<Figure> figures = new ArrayList<>();
        figures.addAll(elsewhere(LifeCycleFigures.of(cells, all)));
        figures.addAll(requests("", SpeedRound.base(speed)));
        figures.add(
                Samples.of(SpeedRound.of(speed), SpeedRound::systemSpeed, 1)
                        .max("throughput_peak", "tok/s"));
        figures.addAll(requests("sql_", sql));
        figures.addAll(elsewhere(memory()));
        figures.addAll(SqlFigures.of(ledgers));
        if (remote) {
            figures.addAll(new RemoteFigures(sql, attempts, ledgers).all());
        }
        return figures;
    }

    /** The figures of each case of the speed workload. */
    List<CaseSummary> cases() {
        return CaseSummary.of(SpeedRound.of(speed));
    }

    /** What an endpoint keeps to itself is missing for a reason of its own. */
    private List<Figure> elsewhere(List<Figure> figures) {
        return remote
                ? figures.stream()
                        .map(
                                f ->
                                        f.value() != null
                                                ? f
                                                : new Figure(
                                                        f.metric(),
                                                        f.statistic(),
                                                        f.unit(),
                                                        null,
                                                        null,
                                                        null,
                                                        0,
                                                        "runs elsewhere"))
                        .toList()
                : figures;
    }

    static List<RequestRecord> measured(List<RequestRecord> requests, String workload) {
        return completed(requests, workload).stream()
                .filter(r -> r.phase() == Phase.MEASURED)
                .toList();
    }

    private static List<RequestRecord> completed(List<RequestRecord> requests, String workload) {
        return requests.stream()
                .filter(r -> r.cell().workload().equals(workload))
                .filter(r -> r.state() == RequestRecord.State.COMPLETED)
                .toList();
    }

    private static List<Figure> requests(String prefix, List<RequestRecord> requests) {
        return List.of(
                Samples.of(requests, SystemFigures::ttftNanos, NANOS_PER_MS)
                        .median(prefix + "ttft", "ms"),
                Samples.of(requests, SystemFigures::itlNanos, NANOS_PER_MS)
                        .mean(prefix + "itl", "ms"),
                Samples.of(requests, SystemFigures::outputSpeed, 1)
                        .mean(prefix + "output_speed", "tok/s"),
                Samples.of(requests, SystemFigures::prefillSpeed, 1)
                        .mean(prefix + "prefill_speed", "tok/s"),
                Samples.of(requests, SystemFigures::e2eNanos, NANOS_PER_MS)
                        .median(prefix + "e2e", "ms"));
    }

    private List<Figure> memory() {
        return List.of(
                bytes("model_memory", Memory::modelBytes),
                bytes("peak_rss", Memory::peakRssBytes),
                bytes("mapped_file_memory", Memory::mappedFileBytes),
                bytes("kv_cache", Memory::kvCacheBytes),
                bytes("device_memory", Memory::deviceBytes));
    }

    private Figure bytes(String metric, Function<Memory, @Nullable Long> of) {
        List<Memory> memories =
                cells.stream().map(CellRecord::memory).filter(Objects::nonNull).toList();
        return Samples.of(memories, of, 1).max(metric, "bytes");
    }

    /** Sent → first token, without what filled the KV cache before the measured part. */
    static @Nullable Long ttftNanos(RequestRecord request) {
        return request.tokenNanos().isEmpty()
                ? null
                : request.tokenNanos().getFirst() - request.sentNanos() - fillNanos(request);
    }

    private static long fillNanos(RequestRecord request) {
        RequestRecord.@Nullable Phases phases = request.phases();
        @Nullable Long nanos = phases == null ? null : phases.fillNanos();
        return nanos == null ? 0 : nanos;
    }

    /** (last − first) / (tokens − 1); null for one token or none, and when nobody counted. */
    static @Nullable Double itlNanos(RequestRecord request) {
        List<Long> events = request.tokenNanos();
        // An event of an endpoint may hold several tokens: its own count is taken, never the
        // events'.
        @Nullable Integer tokens =
                request.remote() == null ? (Integer) events.size() : request.outputTokens();
        return tokens == null || tokens < 2 || events.size() < 2
                ? null
                : (double) (events.getLast() - events.getFirst()) / (tokens - 1);
    }

    static @Nullable Double outputSpeed(RequestRecord request) {
        @Nullable Double itl = itlNanos(request);
        return itl == null || itl == 0 ? null : NANOS_PER_S / itl;
    }

    /** Of the measured part of the prompt; null where streams share the engine. */
    static @Nullable Double prefillSpeed(RequestRecord request) {
        RequestRecord.@Nullable Phases phases = request.phases();
        Optional<SpeedCase> point = SpeedLabel.of(request.label()).map(SpeedLabel::point);
        boolean shared = point.filter(p -> p.streams() > 1).isPresent();
        int depth = point.map(SpeedCase::depth).orElse(0);
        @Nullable Integer promptTokens = request.promptTokens();
        return phases == null || phases.prefillNanos() == 0 || promptTokens == null || shared
                ? null
                : (promptTokens - depth) * NANOS_PER_S / phases.prefillNanos();
    }

    static @Nullable Long e2eNanos(RequestRecord request) {
        return request.tokenNanos().isEmpty()
                ? null
                : request.tokenNanos().getLast() - request.sentNanos() - fillNanos(request);
    }

    /** Ratio scale values of one kind; nulls are what was not measured. */
    static <T> Stream<Double> values(List<T> records, Function<T, ? extends @Nullable Number> of) {
        return records.stream().map(of).filter(Objects::nonNull).map(Number::doubleValue);
    }
}
