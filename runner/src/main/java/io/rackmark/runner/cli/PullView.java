package io.rackmark.runner.cli;

import io.rackmark.model.pull.HubFile;
import io.rackmark.model.pull.PullListener;
import io.rackmark.model.pull.PullPlan;
import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows a pull on the terminal: a bar with rate and time left, or a line per file in a log. Writes
 * to standard error; standard output belongs to the result.
 */
final class PullView implements PullListener, AutoCloseable {
    private static final int COLUMNS = 100;
    private static final int REFRESH_MILLIS = 500;

    private final PrintWriter err;
    private final boolean interactive;
    private @Nullable ProgressBar bar;
    private int left;

    PullView(PrintWriter err, boolean interactive) {
        this.err = err;
        this.interactive = interactive;
    }

    @Override
    public synchronized void waiting() {
        err.println("Another pull of this model is running; waiting for it.");
    }

    @Override
    public synchronized void planned(PullPlan plan, long presentBytes) {
        left = plan.files().size();
        err.printf(
                "%s from %s: %d files, %s%s%n",
                plan.id(),
                plan.source(),
                left,
                Amounts.bytes(plan.bytes()),
                presentBytes == 0 ? "" : ", of which " + Amounts.bytes(presentBytes) + " are here");
        plan.listing()
                .licence()
                .ifPresent(licence -> err.println("Licence: " + Terminal.safe(licence)));
        if (plan.listing().gated()) {
            err.println("Gated: whoever uses it accepts the licence on the model's page first.");
        }
        if (interactive) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName("Pulling")
                            .setInitialMax(plan.bytes())
                            .startsFrom(presentBytes, Duration.ZERO)
                            .setUnit(" MB", 1_000_000)
                            .showSpeed()
                            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                            .setUpdateIntervalMillis(REFRESH_MILLIS)
                            .setMaxRenderedLength(COLUMNS)
                            .setConsumer(new ConsoleProgressBarConsumer(System.err))
                            .build();
        }
    }

    @Override
    public synchronized void advanced(long bytes) {
        if (bar != null) {
            bar.stepBy(bytes);
        }
    }

    @Override
    public synchronized void retrying(String file, String reason, Duration pause) {
        String text =
                "%s: %s; again in %d s"
                        .formatted(
                                Terminal.safe(file),
                                Terminal.safe(reason),
                                Math.max(1, pause.toSeconds()));
        if (bar != null) {
            bar.setExtraMessage(" " + text);
        } else {
            err.println(text);
        }
    }

    @Override
    public synchronized void fetched(HubFile file) {
        left--;
        if (bar != null) {
            bar.setExtraMessage(left == 0 ? "" : " %d files left".formatted(left));
        } else {
            err.printf("%s is complete, %d files left%n", Terminal.safe(file.path()), left);
        }
    }

    /** Clears the bar, so that what follows stands on its own lines. */
    synchronized void finish() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    @Override
    public void close() {
        finish();
    }
}
