package io.rackmark.runner.cli;

import io.rackmark.model.convert.ConversionProgress;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.run.ModelStock;
import io.rackmark.runner.run.RunView;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows a run on the terminal: a bar that a person watches, or a line per cell in a log. Writes to
 * standard error; standard output belongs to the result.
 */
final class ConsoleView implements RunView, ModelStock.ConversionView, AutoCloseable {
    private static final int COLUMNS = 100;

    /** Seldom enough not to be seen in the figures. */
    private static final Duration REFRESH = Duration.ofMillis(500);

    /** Between two lines of a log about the same waiting. */
    private static final Duration TELL = Duration.ofSeconds(15);

    private final PrintWriter err;
    private final boolean interactive;
    private @Nullable ProgressBar bar;
    private int probeTold;
    private long waitingToldNanos = System.nanoTime();

    ConsoleView(PrintWriter err, boolean interactive) {
        this.err = err;
        this.interactive = interactive;
    }

    @Override
    public ConversionProgress begin(String what) {
        return (done, total) -> {
            if (interactive) {
                ProgressBar current = bar("Writing " + what, total, " MB", 1_000_000);
                current.stepTo(done);
            }
            if (done >= total) {
                end();
                err.println("Wrote " + what + ".");
            }
        };
    }

    @Override
    public void begun(RunRecord run, int cells) {
        err.printf("Run %s: %d cells, each in a fresh process.%n", run.id(), cells);
        if (interactive) {
            bar("Cells", cells, "", 1);
        }
    }

    @Override
    public void cellBegun(CellKey cell, int steps) {
        Optional.ofNullable(bar).ifPresent(b -> b.setExtraMessage(" " + cell));
    }

    @Override
    public void step(CellKey cell, String label) {
        Optional.ofNullable(bar).ifPresent(b -> b.setExtraMessage(" " + cell + " " + label));
    }

    @Override
    public void waiting(CellKey cell, String line) {
        String safe = Terminal.safe(line);
        Optional.ofNullable(bar).ifPresent(b -> b.setExtraMessage(" " + safe));
        if (!interactive && System.nanoTime() - waitingToldNanos > TELL.toNanos()) {
            waitingToldNanos = System.nanoTime();
            err.println(safe);
        }
    }

    @Override
    public void waiting(int probe, int probes, Instant due, Duration left) {
        String line =
                "Probe %d of %d is due at %s UTC, in %s"
                        .formatted(
                                probe,
                                probes,
                                due.toString().substring(0, 19).replace('T', ' '),
                                words(left));
        Optional.ofNullable(bar).ifPresent(b -> b.setExtraMessage(" " + line));
        if (!interactive && probe != probeTold) {
            probeTold = probe;
            err.println(line + ".");
            err.flush();
        }
    }

    private static String words(Duration left) {
        return left.toMinutes() > 0
                ? "%d h %02d min".formatted(left.toHours(), left.toMinutesPart())
                : "%d s".formatted(left.toSeconds() + 1);
    }

    @Override
    public void cellEnded(CellRecord cell) {
        if (bar != null) {
            bar.step();
        }
        CellRecord.@Nullable Failure failure = cell.failure();
        if (failure != null) {
            err.printf(
                    "%s failed: %s: %s%n",
                    cell.key(), failure.kind(), Terminal.safe(failure.message()));
        } else if (cell.state() == CellRecord.State.DROPPED) {
            err.println(cell.key() + " dropped: its time has passed");
        } else if (!interactive) {
            err.println(cell.key() + " done");
        }
    }

    /** Clears the bar, so that what follows stands on its own lines. */
    void finish() {
        end();
    }

    @Override
    public void close() {
        end();
    }

    private ProgressBar bar(String task, long total, String unit, long unitSize) {
        ProgressBar current = bar;
        if (current == null) {
            ProgressBarBuilder builder =
                    new ProgressBarBuilder()
                            .setTaskName(task)
                            .setInitialMax(total)
                            .setUnit(unit, unitSize)
                            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                            .setUpdateIntervalMillis((int) REFRESH.toMillis())
                            .setMaxRenderedLength(COLUMNS)
                            .setConsumer(new ConsoleProgressBarConsumer(System.err));
            if (unitSize > 1) {
                builder.showSpeed();
            }
            current = builder.build();
            bar = current;
        }
        return current;
    }

    private void end() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
