package io.rackmark.runner.report;

import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.SpeedCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tables of the speed workload, each at most 100 columns wide. */
final class SpeedTable {
    private static final String MISSING = "–";

    private final RunSummary summary;
    private final boolean oneModel;

    private SpeedTable(RunSummary summary) {
        this.summary = summary;
        this.oneModel = RunTable.oneModel(summary);
    }

    /** One row per system, one per case, and what precision and options change. */
    static String of(RunSummary summary) {
        SpeedTable table = new SpeedTable(summary);
        List<String> parts = new ArrayList<>();
        parts.add(table.systems());
        parts.add(table.cases());
        parts.add(table.comparisons());
        return parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining("\n\n"));
    }

    private String systems() {
        String table =
                Columns.table(
                        summary.systems(),
                        List.of(
                                text("system", this::name),
                                Columns.right("load ms", SpeedTable::loads),
                                Columns.right(
                                        "start s", s -> seconds(s.figure("cold_start", "mean"))),
                                Columns.right(
                                        "ms/token", s -> Format.number(s.figure("itl", "mean"))),
                                Columns.right(
                                        "tok/s",
                                        s -> Format.number(s.figure("output_speed", "mean"))),
                                Columns.right(
                                        "peak",
                                        s -> Format.number(s.figure("throughput_peak", "max"))),
                                Columns.right(
                                        "warm-up",
                                        s -> Format.number(s.figure("warm_up_ttft", "mean"))),
                                Columns.right("model/peak MB", SpeedTable::memory)));
        return table
                + """

                load: with a cold/warm page cache. start: exec to first token, cold. ms/token: steady state.
                tok/s: mean of one stream of the base case. peak: the fastest round of any case, all streams.
                warm-up: TTFT of the first request / after warm-up. –: not measured, or too few samples.\
                """;
    }

    /** A case of a system, and whether it is the system's first row. */
    private record Row(SystemSummary system, CaseSummary summary, boolean first) {}

    private String cases() {
        List<Row> rows = new ArrayList<>();
        for (SystemSummary system : summary.systems()) {
            for (CaseSummary one : system.cases()) {
                rows.add(new Row(system, one, one.equals(system.cases().getFirst())));
            }
        }
        if (rows.isEmpty()) {
            return "";
        }
        String table =
                Columns.table(
                        rows,
                        List.of(
                                text("", row -> row.first() ? name(row.system()) : ""),
                                text("case", row -> name(row.summary().point())),
                                Columns.right("TTFT ms", row -> figure(row, "ttft")),
                                Columns.right("pp tok/s", row -> figure(row, "prefill_speed")),
                                Columns.right("tg tok/s", row -> figure(row, "output_speed")),
                                Columns.right(
                                        "all tok/s", row -> figure(row, "system_output_speed")),
                                Columns.right("span", row -> figure(row, "raw_output_speed"))));
        return table
                + """

                pp512@d1024 tg64 x4: 512 tokens prefilled on 1024 in the KV cache, then 64 generated, by four
                streams at once. tg: per stream. all: all streams while all of them decode; span: sent to end.\
                """;
    }

    private String comparisons() {
        if (summary.comparisons().isEmpty()) {
            return "";
        }
        String table =
                Columns.table(
                        summary.comparisons(),
                        List.of(
                                text("", c -> name(c.system())),
                                text("against", c -> name(c.baseline())),
                                Columns.right("tg", c -> interval(c.ratio("output_speed"))),
                                Columns.right("pp", c -> interval(c.ratio("prefill_speed"))),
                                Columns.right(
                                        "load", c -> Format.number(c.ratio("model_load_cold"))),
                                Columns.right("memory", c -> Format.number(c.ratio("peak_rss")))));
        return table + "\nRatios; of speeds with their 95 % interval over the repeats (base case).";
    }

    private static String figure(Row row, String metric) {
        return Format.number(row.summary().figure(metric));
    }

    /** A case as people write it. */
    static String name(SpeedCase point) {
        return "pp%d%s tg%d%s"
                .formatted(
                        point.promptTokens(),
                        point.depth() == 0 ? "" : "@d" + point.depth(),
                        point.outputTokens(),
                        point.streams() == 1 ? "" : " x" + point.streams());
    }

    private String name(SystemSummary system) {
        return RunTable.name(system, oneModel, summary.allSynthetic());
    }

    private String name(String id) {
        return oneModel ? RunTable.withoutModel(id) : id;
    }

    /** Cold and warm page cache, as two numbers. */
    private static String loads(SystemSummary system) {
        return Format.number(system.figure("model_load_cold", "mean"))
                + "/"
                + Format.number(system.figure("model_load_warm", "mean"));
    }

    private static String memory(SystemSummary system) {
        return Format.megabytes(system.figure("model_memory", "max"))
                + "/"
                + Format.megabytes(system.figure("peak_rss", "max"));
    }

    private static String seconds(Optional<Figure> milliseconds) {
        return milliseconds
                .flatMap(f -> Optional.ofNullable(f.value()))
                .map(ms -> Format.number(ms / 1000))
                .orElse(MISSING);
    }

    private static String interval(Optional<Figure> ratio) {
        @Nullable Double low = ratio.flatMap(f -> Optional.ofNullable(f.low())).orElse(null);
        @Nullable Double high = ratio.flatMap(f -> Optional.ofNullable(f.high())).orElse(null);
        return low == null || high == null
                ? Format.number(ratio)
                : "%s [%s–%s]"
                        .formatted(Format.number(ratio), Format.number(low), Format.number(high));
    }

    private static <T> ColumnData<T> text(String header, Function<T, String> of) {
        return new Column()
                .header(header)
                .maxWidth(WIDE)
                .dataAlign(HorizontalAlign.LEFT)
                .with(row -> of.apply(row));
    }

    /** Rather a line too long than a name in two. */
    private static final int WIDE = 80;
}
