package io.rackmark.runner.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import io.rackmark.runner.cost.BreakEven;
import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.stats.Estimate;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Systems of one run against a baseline, and what their answers cost.
 *
 * @param run id
 * @param baseline id of the system that all others are held against
 * @param contrasts in table order
 * @param box what the box costs; null when nobody said
 * @param costs of every system compared
 * @param volumes break-even of each system of this box with each endpoint
 */
public record CompareReport(
        String run,
        String baseline,
        List<Contrast> contrasts,
        @Nullable CostInputs box,
        List<SystemCost> costs,
        List<SystemCost.Volume> volumes) {
    public CompareReport {
        contrasts = List.copyOf(contrasts);
        costs = List.copyOf(costs);
        volumes = List.copyOf(volumes);
    }

    /** For the terminal, at most 100 columns wide. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append("Run %s, against %s\n\n".formatted(run, baseline));
        if (contrasts.isEmpty()) {
            text.append("Nothing to compare: no other system did the same work.\n");
        } else {
            text.append(contrastTable()).append('\n');
            text.append(
                    """
                    Difference to the baseline with its 95 % interval. Questions are paired (exact McNemar
                    test, bootstrap), processes are not (Welch); p is corrected for the whole table (Holm).
                    """);
        }
        String costTable = CostTable.of(costs);
        if (!costTable.isEmpty()) {
            text.append('\n').append(costTable);
        }
        if (box != null) {
            text.append("The box: ").append(CostTable.words(box)).append(".\n");
        }
        if (!volumes.isEmpty()) {
            text.append('\n').append(volumeTable()).append('\n');
            text.append(
                    """
                    The day's cost of the box equals the endpoint's bill at that many queries a day; full at:
                    what the box answers in a day, one query at a time, at the utilisation given.
                    """);
        }
        return text.toString();
    }

    private String contrastTable() {
        return table(
                contrasts,
                List.of(
                        left("system", c -> RunTable.withoutModel(c.a())),
                        left("metric", Contrast::metric),
                        right("difference", c -> difference(c.difference())),
                        left("", Contrast::unit),
                        right("p", c -> p(c.adjustedP())),
                        left("verdict", CompareReport::verdict)));
    }

    private String volumeTable() {
        return table(
                volumes,
                List.of(
                        left("on this box", v -> RunTable.withoutModel(v.here())),
                        left("endpoint", v -> RunTable.withoutModel(v.endpoint())),
                        right("break-even/day", v -> CostTable.span(v.breakEven().queriesPerDay())),
                        right("full at", v -> CostTable.span(v.breakEven().capacityPerDay())),
                        left("the box pays", v -> reach(v.breakEven().reach()))));
    }

    private static String reach(BreakEven.Reach reach) {
        return switch (reach) {
            case WITHIN_CAPACITY -> "from there on";
            case DEPENDS -> "depending on the inputs";
            case BEYOND_CAPACITY -> "never: it is full before";
        };
    }

    private static String verdict(Contrast contrast) {
        return switch (contrast.verdict()) {
            case A_BETTER -> "better";
            case B_BETTER -> "worse";
            case NOT_DISTINGUISHABLE ->
                    contrast.adjustedP() == null
                            ? String.valueOf(contrast.difference().reason())
                            : "not distinguishable";
        };
    }

    private static String difference(Estimate difference) {
        @Nullable Double value = difference.value();
        @Nullable Double low = difference.low();
        @Nullable Double high = difference.high();
        if (value == null) {
            return "–";
        }
        return low == null || high == null
                ? signed(value)
                : "%s [%s, %s]".formatted(signed(value), signed(low), signed(high));
    }

    private static String signed(double value) {
        return value == 0 ? "0" : (value > 0 ? "+" : "") + Format.number(value);
    }

    private static String p(@Nullable Double p) {
        if (p == null) {
            return "–";
        }
        return p < 0.001 ? "<0.001" : String.format(Locale.ROOT, "%.3f", p);
    }

    private static <T> String table(List<T> rows, List<ColumnData<T>> columns) {
        return AsciiTable.getTable(AsciiTable.NO_BORDERS, rows, columns)
                .lines()
                .map(line -> line.startsWith(" ") ? line.substring(1).stripTrailing() : line)
                .collect(Collectors.joining("\n"));
    }

    private static <T> ColumnData<T> left(String header, Function<T, String> of) {
        return new Column()
                .header(header)
                .dataAlign(HorizontalAlign.LEFT)
                .with(row -> of.apply(row));
    }

    private static <T> ColumnData<T> right(String header, Function<T, String> of) {
        return new Column()
                .header(header)
                .headerAlign(HorizontalAlign.RIGHT)
                .dataAlign(HorizontalAlign.RIGHT)
                .with(row -> of.apply(row));
    }
}
