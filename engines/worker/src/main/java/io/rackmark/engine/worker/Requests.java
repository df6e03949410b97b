package io.rackmark.engine.worker;

import io.rackmark.engine.Completion;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.LoadedModel;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The running generations of this worker. */
final class Requests {
    private static final int MOST = 4096;
    private static final long PROGRESS_MILLIS = 1000;

    private final Map<Long, AtomicBoolean> cancelled = new ConcurrentHashMap<>();
    private final Map<Long, TokenRecorder> running = new ConcurrentHashMap<>();
    private final CollectorPauses pauses = new CollectorPauses();
    private final Outbox outbox;

    Requests(Outbox outbox) {
        this.outbox = outbox;
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("progress").factory());
        var _ =
                timer.scheduleAtFixedRate(
                        this::report, PROGRESS_MILLIS, PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Notes a request that {@link #generate} is about to be called for. */
    void expect(long id) {
        cancelled.put(id, new AtomicBoolean());
    }

    Reply generate(Supplier<LoadedModel> model, Command.Generate command) {
        try {
            return generate(model.get(), command);
        } finally {
            running.remove(command.id());
            cancelled.remove(command.id());
        }
    }

    private Reply generate(LoadedModel model, Command.Generate command) {
        if (running.size() >= MOST) {
            throw new EngineException(
                    EngineException.Kind.BAD_REQUEST,
                    "%d requests are running or waiting; that is the most".formatted(MOST));
        }
        int capacity = Math.min(command.request().maxTokens(), model.facts().contextTokens());
        TokenRecorder recorder =
                new TokenRecorder(
                        capacity,
                        Objects.requireNonNull(cancelled.get(command.id())),
                        command.deltas()
                                ? delta -> outbox.send(new Reply.Delta(command.id(), delta))
                                : null);
        running.put(command.id(), recorder);
        long fromMillis = pauses.nowMillis();
        long sentNanos = System.nanoTime();
        Completion completion = model.generate(command.request(), recorder);
        CollectorPauses.Window window = pauses.since(fromMillis);
        return new Reply.Done(command.id(), recorder.finish(completion, sentNanos, window));
    }

    /** Ends a request early, or all for 0; one that is over is none. */
    void cancel(long id) {
        cancelled.forEach(
                (request, flag) -> {
                    if (id == 0 || id == request) {
                        flag.set(true);
                    }
                });
    }

    private void report() {
        running.forEach((id, recorder) -> outbox.send(new Reply.Progress(id, recorder.count())));
    }
}
