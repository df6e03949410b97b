package io.rackmark.runner.report;

import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyFigure;
import io.rackmark.runner.result.EnergyGrade;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.stats.Variation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gathers what contaminates a run, each caution once. */
final class RunFlags {
    private static final long GC_LIMIT_NANOS = 5_000_000;

    private RunFlags() {}

    static List<Flag> of(
            RunRecord run,
            List<CellRecord> cells,
            List<RequestRecord> requests,
            List<SystemSummary> systems) {
        List<Flag> flags = new ArrayList<>(run.flags());
        failedCells(systems).ifPresent(flags::add);
        missedProbes(cells).ifPresent(flags::add);
        cells.stream()
                .flatMap(cell -> cell.flags().stream())
                .collect(Collectors.groupingBy(Flag::kind, TreeMap::new, Collectors.toList()))
                .values()
                .forEach(same -> flags.add(once(same)));
        gcPauses(requests).ifPresent(flags::add);
        promptMismatch(requests).ifPresent(flags::add);
        flags.addAll(noisy(requests));
        flags.addAll(accuracyByLoad(systems));
        disputedEnergy(systems).ifPresent(flags::add);
        return flags;
    }

    private static Flag once(List<Flag> same) {
        Flag first = same.getFirst();
        return same.size() == 1
                ? first
                : new Flag(first.kind(), "%s (%d cells)".formatted(first.message(), same.size()));
    }

    private static Optional<Flag> failedCells(List<SystemSummary> systems) {
        int cells = systems.stream().mapToInt(SystemSummary::cells).sum();
        int failed = systems.stream().mapToInt(s -> s.failures().size()).sum();
        return failed == 0
                ? Optional.empty()
                : Optional.of(
                        new Flag(
                                Flag.Kind.FAILED_CELLS,
                                "%d of %d cells failed; figures are over the rest. Look at them with"
                                                .formatted(failed, cells)
                                        + " 'rackmark results show'."));
    }

    private static Optional<Flag> missedProbes(List<CellRecord> cells) {
        List<CellRecord> dropped =
                cells.stream().filter(c -> c.state() == CellRecord.State.DROPPED).toList();
        if (dropped.isEmpty()) {
            return Optional.empty();
        }
        String probes =
                dropped.stream()
                        .map(cell -> cell.key().repeat())
                        .distinct()
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "));
        int all = cells.stream().mapToInt(cell -> cell.key().repeat()).max().orElse(0);
        return Optional.of(
                new Flag(
                        Flag.Kind.MISSED_PROBES,
                        "Of %d probes these were dropped, because their time had passed: %s (due %s to %s). Keep the run going, or leave more time between probes."
                                .formatted(
                                        all,
                                        probes,
                                        dropped.getFirst().fact(CellRecord.DUE).orElse("?"),
                                        dropped.getLast().fact(CellRecord.DUE).orElse("?"))));
    }

    /** The model is the same at every level, so its answers should be. */
    private static List<Flag> accuracyByLoad(List<SystemSummary> systems) {
        List<Flag> flags = new ArrayList<>();
        for (SystemSummary system : systems) {
            List<LevelSummary> levels = system.levels();
            levels.stream()
                    .filter(level -> level.users() == 1)
                    .findFirst()
                    .ifPresent(
                            alone ->
                                    levels.stream()
                                            .filter(
                                                    level ->
                                                            apart(accuracy(alone), accuracy(level)))
                                            .map(level -> accuracyByLoad(system, alone, level))
                                            .forEach(flags::add));
        }
        return flags;
    }

    private static Flag accuracyByLoad(
            SystemSummary system, LevelSummary alone, LevelSummary level) {
        return new Flag(
                Flag.Kind.ACCURACY_BY_LOAD,
                "%s answers otherwise under load: EX-bag is %s %% with %d users and %s %% with one, beyond both intervals; look at the refused and failed questions with 'rackmark results export'."
                        .formatted(
                                system.system().id(),
                                Format.percent(accuracy(level)),
                                level.users(),
                                Format.percent(accuracy(alone))));
    }

    private static Optional<Figure> accuracy(LevelSummary level) {
        return level.figure("ex_bag", "proportion");
    }

    /** Whether two intervals have nothing in common. */
    private static boolean apart(Optional<Figure> a, Optional<Figure> b) {
        return below(a, b) || below(b, a);
    }

    private static boolean below(Optional<Figure> a, Optional<Figure> b) {
        @Nullable Double high = a.flatMap(f -> Optional.ofNullable(f.high())).orElse(null);
        @Nullable Double low = b.flatMap(f -> Optional.ofNullable(f.low())).orElse(null);
        return high != null && low != null && high < low;
    }

    private static Optional<Flag> gcPauses(List<RequestRecord> requests) {
        long count =
                requests.stream()
                        .map(RequestRecord::gcPauseNanos)
                        .filter(pause -> pause != null && pause > GC_LIMIT_NANOS)
                        .count();
        return count == 0
                ? Optional.empty()
                : Optional.of(
                        new Flag(
                                Flag.Kind.GC_PAUSE,
                                "The collector paused a worker for more than 5 ms in %d of %d requests."
                                        .formatted(count, requests.size())));
    }

    /** Systems that were given different token ids for the same request are not comparable. */
    private static Optional<Flag> promptMismatch(List<RequestRecord> requests) {
        Map<String, Set<String>> prompts =
                requests.stream()
                        .filter(r -> r.cell().workload().equals("speed"))
                        .filter(r -> r.state() == RequestRecord.State.COMPLETED)
                        .filter(r -> r.remote() == null)
                        .collect(
                                Collectors.groupingBy(
                                        RequestRecord::label,
                                        Collectors.mapping(
                                                RequestRecord::promptSha256, Collectors.toSet())));
        return prompts.values().stream().anyMatch(hashes -> hashes.size() > 1)
                ? Optional.of(
                        new Flag(
                                Flag.Kind.PROMPT_MISMATCH,
                                "Systems were given different prompt tokens; their speeds are"
                                        + " compared as deployed, not like for like."))
                : Optional.empty();
    }

    private static Optional<Flag> disputedEnergy(List<SystemSummary> systems) {
        return systems.stream()
                .flatMap(s -> s.energy().stream())
                .filter(figure -> figure.grade() == EnergyGrade.D)
                .map(EnergyFigure::source)
                .findFirst()
                .map(
                        source ->
                                new Flag(
                                        Flag.Kind.ENERGY,
                                        "The energy by %s is disputed: counter and integrated power differ by more than 5 %%; measure longer."
                                                .formatted(source)));
    }

    private static List<Flag> noisy(List<RequestRecord> requests) {
        return requests.stream()
                .filter(r -> r.cell().workload().equals("speed"))
                .filter(r -> r.phase() == RequestRecord.Phase.MEASURED)
                .collect(
                        Collectors.groupingBy(
                                r -> r.cell().system(), TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .flatMap(entry -> noisy(entry.getKey(), entry.getValue()).stream())
                .toList();
    }

    private static Optional<Flag> noisy(String system, List<RequestRecord> requests) {
        double[] itl =
                SystemFigures.values(SpeedRound.base(requests), SystemFigures::itlNanos)
                        .mapToDouble(Double::doubleValue)
                        .toArray();
        Variation variation = Variation.of(itl);
        return variation.grade() == Variation.Grade.NOISY && variation.coefficient() != null
                ? Optional.of(
                        new Flag(
                                Flag.Kind.NOISY,
                                "%s is noisy: its time per token varies by %.0f %%; quiet the machine or raise the repeats."
                                        .formatted(system, variation.coefficient() * 100)))
                : Optional.empty();
    }
}
