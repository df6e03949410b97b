package io.rackmark.runner.report;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.LifeCycle;
import io.rackmark.runner.result.LifeCycle.PageCache;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RequestRecord.Phase;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From exec to steady state. */
final class LifeCycleFigures {
    private static final double NANOS_PER_MS = 1e6;

    private LifeCycleFigures() {}

    /**
     * @param cells that ended well
     * @param requests completed ones of the speed workload, of any phase
     */
    static List<Figure> of(List<CellRecord> cells, List<RequestRecord> requests) {
        List<LifeCycle> all =
                cells.stream().map(CellRecord::lifeCycle).filter(Objects::nonNull).toList();
        List<LifeCycle> cold = all.stream().filter(l -> l.pageCache() == PageCache.COLD).toList();
        List<LifeCycle> warm = all.stream().filter(l -> l.pageCache() == PageCache.WARM).toList();
        return List.of(
                mean("process_start", all, LifeCycle::processStartNanos),
                mean("engine_start", all, LifeCycle::engineStartNanos),
                mean("model_load_cold", cold, LifeCycle::modelLoadNanos),
                mean("model_load_warm", warm, LifeCycle::modelLoadNanos),
                new Figure(
                        "compile",
                        "mean",
                        "ms",
                        null,
                        null,
                        null,
                        0,
                        "engines do it while they load the model and do not tell it apart"),
                mean("cold_start", cold, LifeCycle::coldStartNanos),
                mean("warm_start", warm, LifeCycle::coldStartNanos),
                mean("first_request", cold, LifeCycle::firstRequestNanos),
                improvement("warm_up_ttft", requests, SystemFigures::ttftNanos),
                improvement("warm_up_itl", requests, SystemFigures::itlNanos));
    }

    private static Figure mean(
            String metric, List<LifeCycle> cycles, Function<LifeCycle, @Nullable Long> nanos) {
        return Samples.of(cycles, nanos, NANOS_PER_MS).mean(metric, "ms");
    }

    /** First request over steady state, cell by cell. */
    private static Figure improvement(
            String metric,
            List<RequestRecord> requests,
            Function<RequestRecord, ? extends @Nullable Number> nanos) {
        Map<CellKey, List<RequestRecord>> cells =
                requests.stream().collect(Collectors.groupingBy(RequestRecord::cell));
        return Samples.of(List.copyOf(cells.values()), cell -> ratio(cell, nanos), 1)
                .mean(metric, "×");
    }

    private static @Nullable Double ratio(
            List<RequestRecord> cell, Function<RequestRecord, ? extends @Nullable Number> nanos) {
        OptionalDouble first = average(phase(cell, Phase.FIRST), nanos);
        OptionalDouble steady = average(SpeedRound.base(phase(cell, Phase.MEASURED)), nanos);
        return first.isEmpty() || steady.isEmpty() || steady.getAsDouble() <= 0
                ? null
                : first.getAsDouble() / steady.getAsDouble();
    }

    private static List<RequestRecord> phase(List<RequestRecord> requests, Phase phase) {
        return requests.stream().filter(r -> r.phase() == phase).toList();
    }

    private static OptionalDouble average(
            List<RequestRecord> requests,
            Function<RequestRecord, ? extends @Nullable Number> nanos) {
        return SystemFigures.values(requests, nanos).mapToDouble(Double::doubleValue).average();
    }
}
