package io.rackmark.runner.report;

import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.LifeCycle;
import io.rackmark.runner.result.LifeCycle.PageCache;
import io.rackmark.runner.result.Memory;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RequestRecord.Phase;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/** The figures of one system, each as the methodology page defines it. */
final class SystemFigures {
    private static final double NANOS_PER_MS = 1e6;
    private static final double NANOS_PER_S = 1e9;

    private final List<CellRecord> cells;
    private final List<RequestRecord> speed;
    private final List<RequestRecord> sql;
    private final List<RequestRecord> attempts;
    private final boolean remote;
    private final List<QuestionLedger> ledgers;

    SystemFigures(
            List<CellRecord> cells, List<RequestRecord> requests, List<QuestionRecord> questions) {
        this.cells = cells.stream().filter(c -> c.state() == CellRecord.State.DONE).toList();
        this.speed = measured(requests, "speed");
        this.sql = measured(requests, "sql");
        this.attempts =
                requests.stream()
                        .filter(r -> r.cell().workload().equals("sql"))
                        .filter(r -> r.phase() == Phase.MEASURED)
                        .toList();
        this.remote = requests.stream().anyMatch(r -> r.remote() != null);
        this.ledgers = questions.stream().map(QuestionRecord::ledger).toList();
    }

    List<Figure> all() {
        List<Figure> figures = new ArrayList<>();
        figures.addAll(elsewhere(lifeCycle()));
        figures.addAll(requests("", speed));
        figures.addAll(requests("sql_", sql));
        figures.addAll(elsewhere(memory()));
        figures.addAll(SqlFigures.of(ledgers));
        if (remote) {
            figures.addAll(new RemoteFigures(sql, attempts, ledgers).all());
        }
        return figures;
    }

    /** What an endpoint keeps to itself is missing for a reason of its own. */
    private List<Figure> elsewhere(List<Figure> figures) {
        return remote
                ? figures.stream()
                        .map(
                                f ->
                                        new Figure(
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

    private static List<RequestRecord> measured(List<RequestRecord> requests, String workload) {
        return requests.stream()
                .filter(r -> r.cell().workload().equals(workload))
                .filter(r -> r.phase() == Phase.MEASURED)
                .filter(r -> r.state() == RequestRecord.State.COMPLETED)
                .toList();
    }

    private List<Figure> lifeCycle() {
        List<LifeCycle> all =
                cells.stream().map(CellRecord::lifeCycle).filter(Objects::nonNull).toList();
        List<LifeCycle> cold = all.stream().filter(l -> l.pageCache() == PageCache.COLD).toList();
        List<LifeCycle> warm = all.stream().filter(l -> l.pageCache() == PageCache.WARM).toList();
        return List.of(
                Samples.of(all, LifeCycle::processStartNanos, NANOS_PER_MS)
                        .mean("process_start", "ms"),
                Samples.of(all, LifeCycle::engineStartNanos, NANOS_PER_MS)
                        .mean("engine_start", "ms"),
                Samples.of(cold, LifeCycle::modelLoadNanos, NANOS_PER_MS)
                        .mean("model_load_cold", "ms"),
                Samples.of(warm, LifeCycle::modelLoadNanos, NANOS_PER_MS)
                        .mean("model_load_warm", "ms"),
                Samples.of(cold, LifeCycle::coldStartNanos, NANOS_PER_MS).mean("cold_start", "ms"),
                Samples.of(cold, LifeCycle::firstRequestNanos, NANOS_PER_MS)
                        .mean("first_request", "ms"));
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

    static @Nullable Long ttftNanos(RequestRecord request) {
        return request.tokenNanos().isEmpty()
                ? null
                : request.tokenNanos().getFirst() - request.sentNanos();
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

    private static @Nullable Double outputSpeed(RequestRecord request) {
        @Nullable Double itl = itlNanos(request);
        return itl == null || itl == 0 ? null : NANOS_PER_S / itl;
    }

    private static @Nullable Double prefillSpeed(RequestRecord request) {
        RequestRecord.@Nullable Phases phases = request.phases();
        @Nullable Integer promptTokens = request.promptTokens();
        return phases == null || phases.prefillNanos() == 0 || promptTokens == null
                ? null
                : promptTokens * NANOS_PER_S / phases.prefillNanos();
    }

    private static @Nullable Long e2eNanos(RequestRecord request) {
        return request.tokenNanos().isEmpty()
                ? null
                : request.tokenNanos().getLast() - request.sentNanos();
    }

    /** Ratio scale values of one kind; nulls are what was not measured. */
    static <T> Stream<Double> values(List<T> records, Function<T, ? extends @Nullable Number> of) {
        return records.stream().map(of).filter(Objects::nonNull).map(Number::doubleValue);
    }
}
