package io.rackmark.runner.report;

import io.rackmark.runner.result.Environment;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.RunRecord;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A run as text for the terminal: environment before the numbers, cautions after. */
public final class RunReport {
    private static final double GIB = 1L << 30;

    private RunReport() {}

    public static String of(RunSummary summary) {
        StringBuilder text = new StringBuilder();
        text.append(environment(summary.run())).append("\n\n");
        if (summary.speedOnly()) {
            text.append(models(summary)).append("\n\n");
            text.append(SpeedTable.of(summary)).append("\n\n");
        } else if (summary.agentOnly()) {
            text.append(models(summary)).append("\n\n");
        } else {
            text.append(RunTable.of(summary)).append('\n');
            text.append(legend(summary)).append("\n\n");
            text.append(RemoteTable.of(summary));
        }
        for (String table :
                List.of(
                        AgentTable.of(summary),
                        DayTable.of(summary),
                        CostTable.of(summary.costs()))) {
            text.append(table).append(table.isEmpty() ? "" : "\n");
        }
        text.append(EnergyTable.of(summary)).append('\n');
        for (Flag flag : summary.flags()) {
            text.append("! ").append(flag.message()).append('\n');
        }
        return text.toString();
    }

    private static String environment(RunRecord run) {
        Environment machine = run.environment();
        @Nullable Long memory = machine.memoryBytes();
        return "%s, %d CPUs%s · %s"
                .formatted(
                        machine.cpu(),
                        machine.logicalCpus(),
                        memory == null ? "" : ", %.0f GiB".formatted(memory / GIB),
                        machine.os());
    }

    private static String models(RunSummary summary) {
        String models =
                summary.systems().stream()
                        .map(s -> s.system().model())
                        .distinct()
                        .collect(Collectors.joining(", "));
        return summary.allSynthetic()
                ? "Model: %s (synthetic: random weights, for speed alone).".formatted(models)
                : "Model: %s.".formatted(models);
    }

    private static String legend(RunSummary summary) {
        return """
        %s EX-bag: right answers, Wilson 95 %%. s/right: seconds per right answer.
        TTFT: median. prefill, decode: tok/s, one stream. load: with a cold/warm page cache.
        start: exec to first token, cold. –: not measured, or too few samples.\
        """
                .formatted(models(summary));
    }
}
