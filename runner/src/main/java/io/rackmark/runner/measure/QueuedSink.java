package io.rackmark.runner.measure;

import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands records to another sink in their order, on a thread of its own: where many streams are
 * measured at once, keeping the record of one must not hold up another. Closing waits until all are
 * kept.
 */
public final class QueuedSink implements ResultSink, AutoCloseable {
    private final ResultSink sink;
    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("records").factory());
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    public QueuedSink(ResultSink sink) {
        this.sink = sink;
    }

    @Override
    public void cell(CellRecord cell) {
        later(() -> sink.cell(cell));
    }

    @Override
    public void request(RequestRecord request) {
        later(() -> sink.request(request));
    }

    @Override
    public void question(QuestionRecord question) {
        later(() -> sink.question(question));
    }

    @Override
    public void energy(EnergyRecord energy) {
        later(() -> sink.energy(energy));
    }

    private void later(Runnable keeping) {
        throwFailure();
        writer.execute(
                () -> {
                    try {
                        keeping.run();
                    } catch (RuntimeException e) {
                        failure.compareAndSet(null, e);
                    }
                });
    }

    private void throwFailure() {
        @Nullable RuntimeException earlier = failure.get();
        if (earlier != null) {
            throw earlier;
        }
    }

    @Override
    public void close() {
        writer.close();
        throwFailure();
    }
}
