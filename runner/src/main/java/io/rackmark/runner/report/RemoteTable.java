package io.rackmark.runner.report;

import com.github.freva.asciitable.ColumnData;
import io.rackmark.runner.result.Figure;
import java.util.List;
import java.util.Optional;

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
                        Columns.left("endpoint", s -> RunTable.name(s, oneModel)),
                        Columns.right(
                                "clean %",
                                s -> Format.share(s.figure("ex_bag_clean", "proportion"))),
                        Columns.right("TTFT ms", s -> Format.number(s.figure("sql_ttft", "p50"))),
                        Columns.right(
                                "−RTT", s -> Format.number(s.figure("sql_ttft_minus_rtt", "p50"))),
                        Columns.right("TTFA ms", s -> Format.number(s.figure("sql_ttfa", "p50"))),
                        Columns.right(
                                "refused",
                                s -> Format.number(s.figure("refused_requests", "total"))),
                        Columns.right(
                                "wait s", s -> Format.number(s.figure("backoff_time", "total"))),
                        Columns.right(
                                "cached %",
                                s -> Format.share(s.figure("cached_prompt_tokens", "proportion"))),
                        Columns.right(
                                "$/1k", s -> perThousand(s.figure("cost_per_query", "ratio"))),
                        Columns.right(
                                "$/1k right",
                                s -> perThousand(s.figure("cost_per_correct_answer", "ratio"))));
        return Columns.table(remote, columns)
                + "\nclean: right answers among questions that met no refusal. $/1k: US dollars per"
                + " 1000 queries.\n\n";
    }

    private static String perThousand(Optional<Figure> dollars) {
        return dollars.flatMap(f -> Optional.ofNullable(f.value()))
                .map(value -> Format.number(value * QUERIES))
                .orElse("–");
    }
}
