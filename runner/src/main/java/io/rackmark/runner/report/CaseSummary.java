package io.rackmark.runner.report;

import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.SpeedCase;
import io.rackmark.runner.stats.Variation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one system at one case of the speed workload.
 *
 * @param point prompt, depth, output and streams
 * @param rounds complete ones
 * @param figures as the methodology page defines them
 */
public record CaseSummary(SpeedCase point, int rounds, List<Figure> figures) {
    private static final double NANOS_PER_MS = 1e6;

    public CaseSummary {
        figures = List.copyOf(figures);
    }

    /** The figure of this metric. */
    public Optional<Figure> figure(String metric) {
        return figures.stream().filter(f -> f.metric().equals(metric)).findFirst();
    }

    /** One per case, in the order in which they are measured. */
    static List<CaseSummary> of(List<SpeedRound> rounds) {
        Map<SpeedCase, List<SpeedRound>> cases = new LinkedHashMap<>();
        rounds.forEach(
                round -> cases.computeIfAbsent(round.point(), _ -> new ArrayList<>()).add(round));
        List<CaseSummary> summaries = new ArrayList<>();
        cases.forEach((point, all) -> summaries.add(of(point, all)));
        return summaries;
    }

    private static CaseSummary of(SpeedCase point, List<SpeedRound> rounds) {
        List<RequestRecord> requests = rounds.stream().flatMap(r -> r.streams().stream()).toList();
        List<Figure> figures = new ArrayList<>();
        figures.add(ttft(point, requests));
        figures.add(
                point.streams() == 1
                        ? Samples.of(requests, SystemFigures::prefillSpeed, 1)
                                .mean("prefill_speed", "tok/s")
                        : absent("prefill_speed", "mean", "tok/s", "the streams share it"));
        figures.add(Samples.of(requests, SystemFigures::itlNanos, NANOS_PER_MS).mean("itl", "ms"));
        figures.add(
                Samples.of(requests, SystemFigures::outputSpeed, 1).mean("output_speed", "tok/s"));
        figures.add(variation(requests));
        figures.add(
                Samples.of(rounds, SpeedRound::systemSpeed, 1)
                        .mean("system_output_speed", "tok/s"));
        figures.add(Samples.of(rounds, SpeedRound::spanSpeed, 1).mean("raw_output_speed", "tok/s"));
        return new CaseSummary(point, rounds.size(), figures);
    }

    private static Figure ttft(SpeedCase point, List<RequestRecord> requests) {
        return point.streams() > 1 && point.depth() > 0
                ? absent("ttft", "p50", "ms", "it waits for the filling of the others' caches")
                : Samples.of(requests, SystemFigures::ttftNanos, NANOS_PER_MS).median("ttft", "ms");
    }

    private static Figure variation(List<RequestRecord> requests) {
        Variation variation =
                Variation.of(
                        SystemFigures.values(requests, SystemFigures::itlNanos)
                                .mapToDouble(Double::doubleValue)
                                .toArray());
        @Nullable Double coefficient = variation.coefficient();
        return coefficient == null
                ? absent("itl_variation", "cv", "", "needs two samples")
                : new Figure(
                        "itl_variation", "cv", "", coefficient, null, null, variation.n(), null);
    }

    private static Figure absent(String metric, String statistic, String unit, String reason) {
        return new Figure(metric, statistic, unit, null, null, null, 0, reason);
    }
}
