package io.rackmark.runner.report;

import com.github.freva.asciitable.ColumnData;
import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.cost.Span;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the answers of each system cost, at most 100 columns wide. */
final class CostTable {
    private static final double QUERIES = 1000;

    private CostTable() {}

    /** Empty when no cost is known. */
    static String of(List<SystemCost> costs) {
        if (costs.stream().allMatch(cost -> cost.perQuery() == null)) {
            return "";
        }
        List<ColumnData<SystemCost>> columns =
                List.of(
                        Columns.left("cost", c -> RunTable.withoutModel(c.system())),
                        Columns.right("s/query", c -> number(c.secondsPerQuery())),
                        Columns.right("per 1k", c -> perThousand(c.perQuery())),
                        Columns.right("per 1k right", c -> perThousand(c.perCorrectAnswer())),
                        Columns.left("", c -> c.perQuery() == null ? "" : c.currency()),
                        Columns.left("", c -> c.reason() == null ? "" : c.reason()));
        return Columns.table(costs, columns)
                + "\nper 1k: of 1000 queries, of 1000 right answers."
                + (oneCurrency(costs) ? "" : CURRENCIES)
                + "\n";
    }

    private static final String CURRENCIES =
            " Currencies differ and are not converted: no break-even.";

    private static boolean oneCurrency(List<SystemCost> costs) {
        return costs.stream()
                        .filter(cost -> cost.perQuery() != null)
                        .map(SystemCost::currency)
                        .distinct()
                        .count()
                == 1;
    }

    /** One line about a box. */
    static String words(CostInputs box) {
        return "%s %s, %s W, %s years, %s %% used: %s %s/h"
                .formatted(
                        box.currency(),
                        span(box.capex()),
                        span(box.watts()),
                        span(box.years()),
                        span(
                                new Span(
                                        box.utilisation().low() * 100,
                                        box.utilisation().high() * 100)),
                        box.currency(),
                        span(box.perHour()));
    }

    static String span(Span span) {
        String low = amount(span.low());
        String high = amount(span.high());
        return low.equals(high) ? low : low + "–" + high;
    }

    static String perThousand(@Nullable Span cost) {
        return cost == null ? "–" : span(new Span(cost.low() * QUERIES, cost.high() * QUERIES));
    }

    private static String number(@Nullable Double value) {
        return value == null ? "–" : Format.number(value);
    }

    private static String amount(double value) {
        return value >= QUERIES
                ? String.format(Locale.ROOT, "%,d", Math.round(value)).replace(',', ' ')
                : Format.number(value);
    }
}
