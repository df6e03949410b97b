package io.rackmark.runner.report;

import com.github.freva.asciitable.ColumnData;
import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.cost.Span;
import io.rackmark.runner.result.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The agent under load: a row per system and level, at most 100 columns wide. */
final class AgentTable {
    private static final double MS_PER_S = 1000;

    private AgentTable() {}

    /** Empty when no level was measured. */
    static String of(RunSummary summary) {
        boolean oneModel = RunTable.oneModel(summary);
        List<String> parts = new ArrayList<>();
        for (SystemSummary system : summary.systems()) {
            if (!system.levels().isEmpty()) {
                parts.add(
                        RunTable.name(system, oneModel)
                                + "\n"
                                + table(
                                        system.levels(),
                                        SystemCost.ranHere(system),
                                        summary.box()));
            }
        }
        return parts.isEmpty()
                ? ""
                : String.join("\n", parts)
                        + """

                        users: asking at a time, closed loop. P50, P90, P99: seconds from question to answer.
                        err: no answer from the model; 429: of the requests. right/min, tok/s: while all users are
                        busy; span: right/min from the first question to the last answer. –: too few samples.
                        """;
    }

    private static String table(List<LevelSummary> levels, boolean here, @Nullable CostInputs box) {
        List<ColumnData<LevelSummary>> columns =
                new ArrayList<>(
                        List.of(
                                Columns.right("users", level -> String.valueOf(level.users())),
                                Columns.right(
                                        "answers", level -> String.valueOf(level.questions())),
                                Columns.right(
                                        "EX-bag %", level -> Format.percent(of(level, "ex_bag"))),
                                Columns.right("P50", level -> seconds(level, "p50")),
                                Columns.right("P90", level -> seconds(level, "p90")),
                                Columns.right("P99", level -> seconds(level, "p99")),
                                Columns.right(
                                        "err %", level -> Format.share(of(level, "error_rate"))),
                                Columns.right(
                                        "429 %", level -> Format.share(of(level, "refusal_rate"))),
                                Columns.right(
                                        "right/min",
                                        level ->
                                                Format.number(
                                                        level.figure(
                                                                "correct_per_minute", "rate"))),
                                Columns.right(
                                        "span",
                                        level ->
                                                Format.number(
                                                        level.figure(
                                                                "raw_correct_per_minute", "rate"))),
                                Columns.right(
                                        "tok/s",
                                        level ->
                                                Format.number(
                                                        level.figure(
                                                                "system_output_speed", "rate"))),
                                Columns.right(
                                        "TTFT ms",
                                        level -> Format.number(level.figure("ttft", "p50")))));
        if (box != null) {
            columns.add(Columns.right("per 1k", level -> cost(level, here, box)));
        }
        return Columns.table(levels, columns);
    }

    /** Of 1000 queries: this box by how long it is busy with one, an endpoint by its prices. */
    private static String cost(LevelSummary level, boolean here, CostInputs box) {
        return here
                ? value(level.figure("seconds_per_answer", "ratio"))
                        .map(seconds -> CostTable.perThousand(box.costOf(seconds)))
                        .orElse("–")
                : value(level.figure("cost_per_query", "ratio"))
                        .map(dollars -> CostTable.perThousand(Span.of(dollars)))
                        .orElse("–");
    }

    private static Optional<Double> value(Optional<Figure> figure) {
        return figure.flatMap(f -> Optional.ofNullable(f.value()));
    }

    private static Optional<Figure> of(LevelSummary level, String metric) {
        return level.figure(metric, "proportion");
    }

    private static String seconds(LevelSummary level, String percentile) {
        return level.figure("agent_latency", percentile)
                .flatMap(figure -> Optional.ofNullable(figure.value()))
                .map(millis -> Format.number(millis / MS_PER_S))
                .orElse("–");
    }
}
