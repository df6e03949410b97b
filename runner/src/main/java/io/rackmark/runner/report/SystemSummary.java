package io.rackmark.runner.report;

import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyFigure;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.SystemUnderTest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every figure of one system.
 *
 * @param system what was measured
 * @param cellsDone cells that ended well
 * @param cells cells planned
 * @param figures in the order of the methodology page
 * @param cases the figures of each case of the speed workload, the base case first
 * @param levels the figures of each level of the agent workload, the smallest first
 * @param day how a scheduled run went over the day; null for another
 * @param energy every energy figure, by source and metric; none where no meter was read
 * @param failures of the cells that did not
 */
public record SystemSummary(
        SystemUnderTest system,
        int cellsDone,
        int cells,
        List<Figure> figures,
        List<CaseSummary> cases,
        List<LevelSummary> levels,
        @Nullable DaySummary day,
        List<EnergyFigure> energy,
        List<CellRecord.Failure> failures) {
    public SystemSummary {
        figures = List.copyOf(figures);
        cases = List.copyOf(cases);
        levels = List.copyOf(levels);
        energy = List.copyOf(energy);
        failures = List.copyOf(failures);
    }

    /** The energy figure of this metric and source. */
    public Optional<EnergyFigure> energy(String metric, String source) {
        return energy.stream()
                .filter(f -> f.metric().equals(metric) && f.source().equals(source))
                .findFirst();
    }

    /** The figure of this metric and statistic. */
    public Optional<Figure> figure(String metric, String statistic) {
        return figures.stream()
                .filter(f -> f.metric().equals(metric) && f.statistic().equals(statistic))
                .findFirst();
    }
}
