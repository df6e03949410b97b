package io.rackmark.runner.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import io.rackmark.runner.result.Figure;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The systems that run elsewhere, with what only they have; at most 100 columns wide. */
public final class RemoteTable {
    private static final double QUERIES = 1000;

    private RemoteTable() {}

    /** Empty when every system is of this machine. */
    public static String of(RunSummary summary) {
        List<SystemSummary> remote =
                summary.systems().stream().filter(s -> s.system().remote()).toList();
        if (remote.isEmpty()) {
            return "";
        }
        boolean oneModel = RunTable.oneModel(summary);
        List<ColumnData<SystemSummary>> columns =
                List.of(
                        new Column()
                                .header("endpoint")
                                .dataAlign(HorizontalAlign.LEFT)
                                .with(s -> RunTable.name(s, oneModel)),
                        right("clean %", s -> Format.share(s.figure("ex_bag_clean", "proportion"))),
                        right("TTFT ms", s -> Format.number(s.figure("sql_ttft", "p50"))),
                        right("−RTT", s -> Format.number(s.figure("sql_ttft_minus_rtt", "p50"))),
                        right("TTFA ms", s -> Format.number(s.figure("sql_ttfa", "p50"))),
                        right("refused", s -> Format.number(s.figure("refused_requests", "total"))),
                        right("wait s", s -> Format.number(s.figure("backoff_time", "total"))),
                        right(
                                "cached %",
                                s -> Format.share(s.figure("cached_prompt_tokens", "proportion"))),
                        right("$/1k", s -> perThousand(s.figure("cost_per_query", "ratio"))),
                        right(
                                "$/1k right",
                                s -> perThousand(s.figure("cost_per_correct_answer", "ratio"))));
        return AsciiTable.getTable(AsciiTable.NO_BORDERS, remote, columns)
                        .lines()
                        .map(
                                line ->
                                        line.startsWith(" ")
                                                ? line.substring(1).stripTrailing()
                                                : line)
                        .collect(Collectors.joining("\n"))
                + "\nclean: right answers among questions that met no refusal. $/1k: US dollars per"
                + " 1000 queries.\n\n";
    }

    private static String perThousand(Optional<Figure> dollars) {
        return dollars.flatMap(f -> Optional.ofNullable(f.value()))
                .map(value -> Format.number(value * QUERIES))
                .orElse("–");
    }

    private static ColumnData<SystemSummary> right(
            String header, Function<SystemSummary, String> of) {
        return new Column()
                .header(header)
                .headerAlign(HorizontalAlign.RIGHT)
                .dataAlign(HorizontalAlign.RIGHT)
                .with(row -> of.apply(row));
    }
}
