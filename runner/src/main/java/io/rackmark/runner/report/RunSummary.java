package io.rackmark.runner.report;

import io.rackmark.runner.cost.CostInputs;
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
 * @param box what the box costs; null when the plan does not say
 * @param costs of the answers of each system, when the plan says what the box costs; else none
 * @param flags cautions of the run and of its cells, each said once
 * @param energyMissing why no energy was measured; null when some was
 */
public record RunSummary(
        RunRecord run,
        List<String> workloads,
        List<SystemSummary> systems,
        List<SystemComparison> comparisons,
        @Nullable CostInputs box,
        List<SystemCost> costs,
        List<Flag> flags,
        @Nullable String energyMissing) {

    public RunSummary {
        workloads = List.copyOf(workloads);
        systems = List.copyOf(systems);
        comparisons = List.copyOf(comparisons);
        costs = List.copyOf(costs);
        flags = List.copyOf(flags);
    }

    /** Whether nothing but speed was measured. */
    boolean speedOnly() {
        return workloads.contains("speed") && !workloads.contains("sql");
    }

    /** Whether nothing but the agent under load was measured. */
    boolean agentOnly() {
        return workloads.equals(List.of("agent"));
    }

    /** Whether every model has random weights. */
    boolean allSynthetic() {
        return systems.stream().allMatch(s -> s.system().synthetic());
    }

    /** Computes all figures of a run whose plan has neither a schedule nor a cost. */
    public static RunSummary of(
            RunRecord run,
            List<CellRecord> cells,
            List<RequestRecord> requests,
            List<QuestionRecord> questions,
            List<EnergyRecord> energy) {
        return of(run, cells, requests, questions, energy, RunInputs.NONE);
    }

    /** Computes all figures. */
    public static RunSummary of(
            RunRecord run,
            List<CellRecord> cells,
            List<RequestRecord> requests,
            List<QuestionRecord> questions,
            List<EnergyRecord> energy,
            RunInputs inputs) {
        EnergyWindows windows = new EnergyWindows(cells, requests, questions, energy);
        List<SystemSummary> systems =
                run.systems().stream()
                        .map(
                                system ->
                                        new Records(cells, requests, questions)
                                                .of(system.id())
                                                .summary(system, windows, inputs.scheduled()))
                        .toList();
        return new RunSummary(
                run,
                cells.stream().map(c -> c.key().workload()).distinct().toList(),
                systems,
                SystemComparison.of(run.systems(), cells, requests),
                inputs.box(),
                inputs.box() == null ? List.of() : SystemCost.of(systems, questions, inputs.box()),
                RunFlags.of(run, cells, requests, systems),
                EnergyMissing.reason(systems, energy).orElse(null));
    }

    /** Of a run, or of one of its systems. */
    private record Records(
            List<CellRecord> cells, List<RequestRecord> requests, List<QuestionRecord> questions) {

        Records of(String system) {
            Predicate<CellKey> mine = key -> key.system().equals(system);
            return new Records(
                    cells.stream().filter(c -> mine.test(c.key())).toList(),
                    requests.stream().filter(r -> mine.test(r.cell())).toList(),
                    questions.stream().filter(q -> mine.test(q.cell())).toList());
        }

        SystemSummary summary(SystemUnderTest system, EnergyWindows windows, boolean scheduled) {
            SystemFigures figures = new SystemFigures(cells, requests, questions);
            return new SystemSummary(
                    system,
                    (int) cells.stream().filter(c -> c.state() == CellRecord.State.DONE).count(),
                    cells.size(),
                    figures.all(),
                    figures.cases(),
                    LevelSummary.of(requests, questions),
                    scheduled ? DaySummary.of(cells, requests, questions) : null,
                    EnergyFigures.of(windows.of(system.id())),
                    cells.stream()
                            .map(CellRecord::failure)
                            .flatMap(failure -> Optional.ofNullable(failure).stream())
                            .toList());
        }
    }
}
