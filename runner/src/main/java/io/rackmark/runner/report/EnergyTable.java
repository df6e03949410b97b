package io.rackmark.runner.report;

import com.github.freva.asciitable.ColumnData;
import io.rackmark.runner.result.EnergyFigure;
import io.rackmark.runner.result.EnergyGrade;
import io.rackmark.runner.result.EnergySource;
import io.rackmark.runner.result.EnergySource.Reach;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The energy of a run: one row per system, one source for all, at most 100 columns wide. */
final class EnergyTable {
    private static final String MISSING = "–";

    /** What fits on a line beside the names of the sources. */
    private static final int LONGEST_SCOPE = 60;

    private final RunSummary summary;
    private final String source;

    private EnergyTable(RunSummary summary, String source) {
        this.summary = summary;
        this.source = source;
    }

    /** The table and its legend, or one line that says why energy is missing. */
    static String of(RunSummary summary) {
        @Nullable String missing = summary.energyMissing();
        if (missing != null) {
            return "Energy: not measured (%s); 'rackmark doctor' lists the meters."
                    .formatted(missing);
        }
        return new EnergyTable(summary, source(summary)).text();
    }

    /** The source that sees most: the node, else all parts together, else the estimate. */
    private static String source(RunSummary summary) {
        Set<String> valued =
                summary.systems().stream()
                        .flatMap(s -> s.energy().stream())
                        .filter(f -> f.value() != null)
                        .map(EnergyFigure::source)
                        .collect(Collectors.toSet());
        return Arrays.stream(EnergySource.values())
                .filter(s -> s.reach() == Reach.NODE)
                .map(EnergySource::id)
                .filter(valued::contains)
                .findFirst()
                .or(() -> valued.stream().filter(id -> id.contains("+")).findFirst())
                .or(
                        () ->
                                Arrays.stream(EnergySource.values())
                                        .map(EnergySource::id)
                                        .filter(valued::contains)
                                        .findFirst())
                .orElseThrow();
    }

    private String text() {
        boolean oneModel = RunTable.oneModel(summary);
        List<ColumnData<SystemSummary>> columns =
                List.of(
                        Columns.left("energy", s -> RunTable.name(s, oneModel)),
                        Columns.right("J/token", s -> number(s, "energy_per_output_token")),
                        Columns.right("above idle", s -> number(s, "energy_net_per_output_token")),
                        Columns.right("J/request", s -> number(s, "energy_per_request")),
                        Columns.right("J/right", s -> number(s, "sql_energy_per_correct_answer")),
                        Columns.right("W", s -> number(s, "power_mean")),
                        Columns.right("W idle", s -> number(s, "power_idle")),
                        Columns.right("tok/s/W", s -> number(s, "output_speed_per_watt")),
                        Columns.right("grade", this::grade));
        String table = Columns.table(summary.systems(), columns);
        return table + "\n" + legend();
    }

    private String legend() {
        String scope =
                summary.systems().stream()
                        .flatMap(s -> s.energy().stream())
                        .filter(f -> f.source().equals(source) && f.value() != null)
                        .map(EnergyFigure::scope)
                        .findFirst()
                        .orElse("");
        String shown =
                scope.length() <= LONGEST_SCOPE ? scope : scope.substring(0, LONGEST_SCOPE) + "…";
        return """
        Energy by %s: %s.
        Gross, over the window of the tokens. Grades: A wall meter, B counter, C integrated power,
        D disputed, E estimate; short: a window under 10 s.\
        """
                .formatted(source, shown);
    }

    /** Of the speed workload, else of SQL. */
    private Optional<EnergyFigure> figure(SystemSummary system, String metric) {
        return system.energy(metric, source).or(() -> system.energy("sql_" + metric, source));
    }

    private String number(SystemSummary system, String metric) {
        return figure(system, metric)
                .flatMap(f -> Optional.ofNullable(f.value()))
                .map(Format::number)
                .orElse(MISSING);
    }

    /** The worst of the row. */
    private String grade(SystemSummary system) {
        return system.energy().stream()
                .filter(f -> f.source().equals(source))
                .map(EnergyFigure::grade)
                .filter(Objects::nonNull)
                .reduce(EnergyGrade::worse)
                .map(EnergyGrade::label)
                .orElse(MISSING);
    }
}
