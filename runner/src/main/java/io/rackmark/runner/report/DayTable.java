package io.rackmark.runner.report;

import com.github.freva.asciitable.ColumnData;
import io.rackmark.runner.report.DaySummary.HourSummary;
import io.rackmark.runner.result.Environment;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.Property;
import io.rackmark.runner.result.RunRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** A run that is spread over the day: percentiles over all of it, and the hours. */
final class DayTable {
    private static final List<String> PERCENTILES = List.of("p50", "p75", "p90", "p95", "p99");

    private DayTable() {}

    /** Empty for a run that is not scheduled. */
    static String of(RunSummary summary) {
        List<SystemSummary> systems =
                summary.systems().stream().filter(s -> s.day() != null).toList();
        return systems.isEmpty()
                ? ""
                : percentiles(summary, systems) + "\n\n" + hours(summary, systems);
    }

    /** A metric of a system. */
    private record Line(String name, String metric, List<Figure> figures) {

        String value(String percentile) {
            return Format.number(figure(percentile));
        }

        Optional<Figure> figure(String percentile) {
            return figures.stream()
                    .filter(f -> f.metric().equals(metric) && f.statistic().equals(percentile))
                    .findFirst();
        }
    }

    private static String percentiles(RunSummary summary, List<SystemSummary> systems) {
        List<Line> lines = new ArrayList<>();
        for (SystemSummary system : systems) {
            List<Figure> figures = day(system).figures();
            String name = RunTable.name(system, RunTable.oneModel(summary));
            for (String metric : figures.stream().map(Figure::metric).distinct().toList()) {
                lines.add(new Line(name, metric, figures));
                name = "";
            }
        }
        List<ColumnData<Line>> columns = new ArrayList<>();
        columns.add(Columns.left("over the day", Line::name));
        columns.add(Columns.left("ms", Line::metric));
        columns.add(
                Columns.right(
                        "n",
                        line -> line.figure("p50").map(f -> String.valueOf(f.n())).orElse("0")));
        PERCENTILES.forEach(
                p -> columns.add(Columns.right(p.toUpperCase(Locale.ROOT), line -> line.value(p))));
        return Columns.table(lines, columns);
    }

    /** An hour of a system. */
    private record Hour(String name, HourSummary summary) {}

    private static String hours(RunSummary summary, List<SystemSummary> systems) {
        List<Hour> hours = new ArrayList<>();
        for (SystemSummary system : systems) {
            String name = RunTable.name(system, RunTable.oneModel(summary));
            for (HourSummary hour : day(system).hours()) {
                hours.add(new Hour(name, hour));
                name = "";
            }
        }
        String table =
                Columns.table(
                        hours,
                        List.of(
                                Columns.left("by hour of day", Hour::name),
                                Columns.right("UTC", h -> "%02d".formatted(h.summary().hour())),
                                Columns.right("probes", h -> String.valueOf(h.summary().probes())),
                                Columns.right("n", h -> String.valueOf(h.summary().requests())),
                                Columns.right("TTFT ms", h -> number(h, "ttft")),
                                Columns.right("e2e ms", h -> number(h, "e2e")),
                                Columns.right(
                                        "EX-bag %",
                                        h -> Format.percent(h.summary().figure("ex_bag"))),
                                Columns.right(
                                        "429 %",
                                        h -> Format.share(h.summary().figure("refusal_rate")))));
        return table
                + "\nHours are UTC%s. TTFT, e2e: medians of n requests.\n"
                        .formatted(offset(summary.run()));
    }

    private static String offset(RunRecord run) {
        return run.environment().more().stream()
                .filter(property -> property.name().equals(Environment.UTC_OFFSET))
                .map(Property::value)
                .findFirst()
                .map(offset -> "; local time was UTC" + offset + " when the run began")
                .orElse("");
    }

    private static DaySummary day(SystemSummary system) {
        return Objects.requireNonNull(system.day());
    }

    private static String number(Hour hour, String metric) {
        return Format.number(hour.summary().figure(metric));
    }
}
