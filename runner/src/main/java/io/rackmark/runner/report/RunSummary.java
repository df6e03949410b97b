package io.rackmark.runner.report;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.result.SystemUnderTest;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A run with every figure computed from its raw records.
 *
 * @param run the run itself
 * @param workloads of its cells
 * @param systems in table order
 * @param comparisons of systems that differ in their precision or options alone
 * @param flags cautions of the run and of its cells, each said once
 * @param energyMissing why no energy was measured; null when some was
 */
public record RunSummary(
        RunRecord run,
        List<String> workloads,
        List<SystemSummary> systems,
        List<SystemComparison> comparisons,
        List<Flag> flags,
        @Nullable String energyMissing) {

    public RunSummary {
        workloads = List.copyOf(workloads);
        systems = List.copyOf(systems);
        comparisons = List.copyOf(comparisons);
        flags = List.copyOf(flags);
    }

    /** Whether nothing but speed was measured. */
    boolean speedOnly() {
        return workloads.contains("speed") && !workloads.contains("sql");
    }

    /** Whether every model has random weights. */
    boolean allSynthetic() {
        return systems.stream().allMatch(s -> s.system().synthetic());
    }

    /** Computes all figures. */
    public static RunSummary of(
            RunRecord run,
            List<CellRecord> cells,
            List<RequestRecord> requests,
            List<QuestionRecord> questions,
            List<EnergyRecord> energy) {
        EnergyWindows windows = new EnergyWindows(cells, requests, questions, energy);
        List<SystemSummary> systems =
                run.systems().stream()
                        .map(system -> system(system, cells, requests, questions, windows))
                        .toList();
        return new RunSummary(
                run,
                cells.stream().map(c -> c.key().workload()).distinct().toList(),
                systems,
                SystemComparison.of(run.systems(), cells, requests),
                RunFlags.of(run, cells, requests, systems),
                EnergyMissing.reason(systems, energy).orElse(null));
    }

    private static SystemSummary system(
            SystemUnderTest system,
            List<CellRecord> allCells,
            List<RequestRecord> allRequests,
            List<QuestionRecord> allQuestions,
            EnergyWindows windows) {
        Predicate<CellKey> mine = key -> key.system().equals(system.id());
        List<CellRecord> cells = allCells.stream().filter(c -> mine.test(c.key())).toList();
        SystemFigures figures =
                new SystemFigures(
                        cells,
                        allRequests.stream().filter(r -> mine.test(r.cell())).toList(),
                        allQuestions.stream().filter(q -> mine.test(q.cell())).toList());
        return new SystemSummary(
                system,
                (int) cells.stream().filter(c -> c.state() == CellRecord.State.DONE).count(),
                cells.size(),
                figures.all(),
                figures.cases(),
                EnergyFigures.of(windows.of(system.id())),
                cells.stream()
                        .map(CellRecord::failure)
                        .flatMap(failure -> Optional.ofNullable(failure).stream())
                        .toList());
    }
}
