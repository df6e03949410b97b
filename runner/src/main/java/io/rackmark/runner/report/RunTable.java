package io.rackmark.runner.report;

import com.github.freva.asciitable.ColumnData;
import io.rackmark.runner.result.Figure;
import java.util.List;
import java.util.Optional;

/** The final table of a run: one row per system, at most 100 columns wide. */
public final class RunTable {
    private RunTable() {}

    public static String of(RunSummary summary) {
        boolean oneModel = oneModel(summary);
        List<ColumnData<SystemSummary>> columns =
                List.of(
                        Columns.left("system", s -> name(s, oneModel)),
                        Columns.left(
                                "EX-bag %", s -> Format.percent(s.figure("ex_bag", "proportion"))),
                        Columns.right(
                                "JSON %",
                                s -> Format.share(s.figure("json_honoured", "proportion"))),
                        Columns.right(
                                "s/right",
                                s ->
                                        Format.number(
                                                s.figure("seconds_per_correct_answer", "ratio"))),
                        Columns.right("TTFT ms", s -> Format.number(s.figure("ttft", "p50"))),
                        Columns.right(
                                "prefill", s -> Format.number(s.figure("prefill_speed", "mean"))),
                        Columns.right(
                                "decode", s -> Format.number(s.figure("output_speed", "mean"))),
                        Columns.right("load ms", s -> loads(s)),
                        Columns.right("start s", s -> coldStart(s.figure("cold_start", "mean"))),
                        Columns.right(
                                "RSS MB", s -> Format.megabytes(s.figure("peak_rss", "max"))));
        return Columns.table(summary.systems(), columns);
    }

    /** Whether all systems have the same model, so that names may leave it out. */
    static boolean oneModel(RunSummary summary) {
        return summary.systems().stream().map(s -> s.system().model()).distinct().count() == 1;
    }

    /** The system's id; without its model when the whole table has one. */
    static String name(SystemSummary summary, boolean oneModel) {
        return name(summary, oneModel, false);
    }

    /** A system's id without the model in its middle. */
    static String withoutModel(String id) {
        return id.replaceFirst("/[^/]*/", "/");
    }

    /**
     * @param saidElsewhere whether the reader knows that the model is synthetic
     */
    static String name(SystemSummary summary, boolean oneModel, boolean saidElsewhere) {
        String id = summary.system().id();
        String name = oneModel ? withoutModel(id) : id;
        String synthetic = summary.system().synthetic() && !saidElsewhere ? " (synthetic)" : "";
        String failed =
                summary.failures().isEmpty()
                        ? ""
                        : " ✗%d/%d".formatted(summary.failures().size(), summary.cells());
        return name + synthetic + failed;
    }

    /** Cold and warm page cache, as two numbers. */
    private static String loads(SystemSummary summary) {
        return Format.number(summary.figure("model_load_cold", "mean"))
                + "/"
                + Format.number(summary.figure("model_load_warm", "mean"));
    }

    private static String coldStart(Optional<Figure> milliseconds) {
        return milliseconds
                .flatMap(f -> Optional.ofNullable(f.value()))
                .map(ms -> Format.number(ms / 1000))
                .orElse("–");
    }
}
