package io.rackmark.runner.serve;

import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.ModelFacts;
import io.rackmark.engine.worker.Cancellation;
import io.rackmark.engine.worker.Generated;
import io.rackmark.engine.worker.TextDelta;
import io.rackmark.engine.worker.WorkerException;
import io.rackmark.engine.worker.WorkerProcess;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The worker with the model; starts another one when it dies, and waits longer each time. */
final class ModelHost implements AutoCloseable {
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration MOST_WAIT = Duration.ofSeconds(30);

    private final Supplier<LoadedWorker> start;
    private final ModelFacts facts;
    private @Nullable WorkerProcess worker;
    private boolean closed;
    private int restarts;

    /** Starts the first worker. */
    ModelHost(Supplier<LoadedWorker> start) {
        this.start = start;
        LoadedWorker first = start.get();
        facts = first.facts();
        adopt(first.worker());
    }

    ModelFacts facts() {
        return facts;
    }

    synchronized boolean ready() {
        return worker != null;
    }

    synchronized int restarts() {
        return restarts;
    }

    /**
     * As {@link WorkerProcess#generate(GenerationRequest, Consumer, Cancellation)}.
     *
     * @throws ApiException when the worker is lost or refuses
     */
    Generated generate(
            GenerationRequest request,
            @Nullable Consumer<TextDelta> textDeltas,
            Cancellation cancellation) {
        WorkerProcess current = current();
        try {
            return current.generate(request, textDeltas, cancellation);
        } catch (WorkerException e) {
            if (e.kind() != WorkerException.Kind.ENGINE) {
                lost(current);
            }
            throw ApiException.of(e);
        }
    }

    private synchronized WorkerProcess current() {
        if (worker == null) {
            throw ApiException.unavailable(
                    closed ? "The server is shutting down" : "The model is being loaded again");
        }
        return worker;
    }

    /** Ends every running request early. */
    void cancelAll() {
        WorkerProcess running;
        synchronized (this) {
            running = worker;
        }
        if (running != null) {
            running.cancel();
        }
    }

    private void adopt(WorkerProcess started) {
        synchronized (this) {
            if (!closed) {
                worker = started;
            }
        }
        if (ready()) {
            // Also a worker that nobody asks anything is missed when it dies.
            ProcessHandle.of(started.started().pid())
                    .ifPresentOrElse(
                            process -> {
                                var _ = process.onExit().thenRun(() -> lost(started));
                            },
                            () -> lost(started));
        } else {
            started.close();
        }
    }

    private void lost(WorkerProcess gone) {
        synchronized (this) {
            if (closed || worker != gone) {
                return;
            }
            worker = null;
            restarts++;
        }
        Thread.ofVirtual()
                .name("restart")
                .start(
                        () -> {
                            gone.close();
                            restart();
                        });
    }

    private void restart() {
        Duration wait = FIRST_WAIT;
        while (!isClosed()) {
            try {
                Thread.sleep(wait);
                adopt(start.get().worker());
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                System.getLogger(ModelHost.class.getName())
                        .log(Level.WARNING, "the model cannot be loaded again yet", e);
                Duration longer = wait.multipliedBy(2);
                wait = longer.compareTo(MOST_WAIT) < 0 ? longer : MOST_WAIT;
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        WorkerProcess last;
        synchronized (this) {
            closed = true;
            last = worker;
            worker = null;
        }
        if (last != null) {
            last.close();
        }
    }
}
