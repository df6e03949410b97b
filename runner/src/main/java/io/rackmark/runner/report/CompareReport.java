package io.rackmark.runner.report;

import io.rackmark.runner.cost.BreakEven;
import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.stats.Estimate;
import java.util.List;
import java.util.Locale;
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
        return Columns.table(
                contrasts,
                List.of(
                        Columns.left("system", c -> RunTable.withoutModel(c.a())),
                        Columns.left("metric", Contrast::metric),
                        Columns.right("difference", c -> difference(c.difference())),
                        Columns.left("", Contrast::unit),
                        Columns.right("p", c -> p(c.adjustedP())),
                        Columns.left("verdict", CompareReport::verdict)));
    }

    private String volumeTable() {
        return Columns.table(
                volumes,
                List.of(
                        Columns.left("on this box", v -> RunTable.withoutModel(v.here())),
                        Columns.left("endpoint", v -> RunTable.withoutModel(v.endpoint())),
                        Columns.right(
                                "break-even/day",
                                v -> CostTable.span(v.breakEven().queriesPerDay())),
                        Columns.right(
                                "full at", v -> CostTable.span(v.breakEven().capacityPerDay())),
                        Columns.left("the box pays", v -> reach(v.breakEven().reach()))));
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
}
