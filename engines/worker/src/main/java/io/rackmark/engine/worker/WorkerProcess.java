package io.rackmark.engine.worker;

import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.worker.WorkerException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A running worker. Thread-safe. Every method that asks the worker throws {@link WorkerException}:
 * of kind {@code ENGINE} when the engine refuses, after which the worker can go on, and of another
 * kind when the worker is lost, after which it can only be closed.
 */
public final class WorkerProcess implements AutoCloseable {
    private final WorkerSpec spec;
    private final Child child;
    private final Link link;
    private final Started started;
    private final AtomicBoolean closed = new AtomicBoolean();

    WorkerProcess(WorkerSpec spec, Child child, Link link, Started started) {
        this.spec = spec;
        this.child = child;
        this.link = link;
        this.started = started;
    }

    public Started started() {
        return started;
    }

    /** What the engine is and whether it can run here with the options of the spec. */
    public Described describe() {
        return ask(
                        id -> new Command.Describe(id, spec.options()),
                        Reply.Engine.class,
                        spec.timeouts().open())
                .described();
    }

    /** Loads the engine's native library. Once per worker. */
    public EngineOpened open() {
        return ask(
                        id -> new Command.Open(id, spec.options()),
                        Reply.Opened.class,
                        spec.timeouts().open())
                .opened();
    }

    /** Loads a model into the opened engine. Once per worker. */
    public ModelLoaded load(ModelFiles files, LoadOptions options) {
        ModelFiles absolute =
                new ModelFiles(
                        files.name(),
                        files.checkpoint().toAbsolutePath(),
                        files.weights().toAbsolutePath(),
                        files.format(),
                        files.precision());
        return ask(
                        id -> new Command.Load(id, absolute, options),
                        Reply.Loaded.class,
                        spec.timeouts().load())
                .loaded();
    }

    /** The ids a prompt becomes, chat template and special tokens included. */
    public List<Integer> tokens(Prompt prompt) {
        return ask(
                        id -> new Command.Tokens(id, prompt),
                        Reply.TokenIds.class,
                        spec.timeouts().open())
                .ids();
    }

    /**
     * The logits after the prompt and after each token of the continuation: [1 + continuation]
     * [vocabulary]; empty when the engine gives none.
     */
    public Optional<float[][]> logits(List<Integer> prompt, List<Integer> continuation) {
        Path file = spec.workDirectory().resolve("logits-%d.f32".formatted(System.nanoTime()));
        try {
            int rows =
                    ask(
                                    id -> new Command.Logits(id, prompt, continuation, file),
                                    Reply.Logits.class,
                                    spec.timeouts().load())
                            .rows();
            return rows == 0 ? Optional.empty() : Optional.of(LogitsFile.read(file, rows));
        } catch (IOException e) {
            throw link.kill(Kind.PROTOCOL, "the worker's logits cannot be read: " + e);
        } finally {
            remove(file);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It lies in the worker's own folder, which goes with the run.
        }
    }

    /**
     * Generates to the end. Several threads may do so at once; the engine queues what exceeds its
     * slots.
     *
     * @param textDeltas told each piece of text on this thread while it is generated; null keeps
     *     the socket silent until the request ends, as a measurement needs it
     */
    public Generated generate(GenerationRequest request, @Nullable Consumer<String> textDeltas) {
        return generate(
                request,
                textDeltas == null ? null : delta -> textDeltas.accept(delta.text()),
                new Cancellation());
    }

    /**
     * As {@link #generate(GenerationRequest, Consumer)}.
     *
     * @param textDeltas told each piece of text, and the log probabilities of its tokens when the
     *     request asks for them
     * @param cancellation of this request alone
     */
    public Generated generate(
            GenerationRequest request,
            @Nullable Consumer<TextDelta> textDeltas,
            Cancellation cancellation) {
        long id = link.begin();
        try {
            link.send(new Command.Generate(id, request, textDeltas != null));
            cancellation.onCancel(() -> link.send(new Command.Cancel(0, id)));
            return follow(id, textDeltas);
        } finally {
            link.end(id);
        }
    }

    /** Ends all running requests early; they return as cancelled. */
    public void cancel() {
        link.send(new Command.Cancel(0, 0));
    }

    /** Memory of the worker now; read from outside, so it disturbs nothing. */
    public MemorySnapshot memory() {
        return MemorySnapshot.ofProcess(started.pid());
    }

    /** Everything that the worker wrote to standard output and error, up to 16 MiB. */
    public Path logFile() {
        return spec.workDirectory().resolve("worker-%d.log".formatted(started.pid()));
    }

    /** Lets the worker close its engine, kills what is left after the time allowed. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (child.process().isAlive()) {
            link.send(new Command.Stop(0));
            child.endsWithin(spec.timeouts().close());
        }
        child.kill();
        link.closeChannel();
    }

    private <R extends Reply> R ask(LongFunction<Command> command, Class<R> type, Duration limit) {
        long id = link.begin();
        try {
            Command sent = command.apply(id);
            link.send(sent);
            Optional<Reply> reply = link.await(id, limit);
            if (reply.isEmpty()) {
                throw link.kill(
                        Kind.HANG,
                        "the worker did not answer '%s' within %s and was killed"
                                .formatted(sent.getClass().getSimpleName(), words(limit)));
            }
            return expect(reply.get(), type);
        } finally {
            link.end(id);
        }
    }

    private Generated follow(long id, @Nullable Consumer<TextDelta> textDeltas) {
        Duration stall = spec.timeouts().stall();
        int tokens = 0;
        long movedNanos = System.nanoTime();
        while (true) {
            Duration left = stall.minusNanos(System.nanoTime() - movedNanos);
            Optional<Reply> reply = left.isNegative() ? Optional.empty() : link.await(id, left);
            if (reply.isEmpty()) {
                throw link.kill(
                        Kind.HANG,
                        "no token for %s after %d tokens; the worker was killed"
                                .formatted(words(stall), tokens));
            }
            switch (reply.get()) {
                case Reply.Progress progress -> {
                    if (progress.tokens() > tokens) {
                        tokens = progress.tokens();
                        movedNanos = System.nanoTime();
                    }
                }
                case Reply.Delta delta when textDeltas != null -> {
                    movedNanos = System.nanoTime();
                    deliver(id, delta.delta(), textDeltas);
                }
                case Reply other -> {
                    return expect(other, Reply.Done.class).generated();
                }
            }
        }
    }

    private void deliver(long id, TextDelta delta, Consumer<TextDelta> textDeltas) {
        try {
            textDeltas.accept(delta);
        } catch (RuntimeException | Error e) {
            link.send(new Command.Cancel(0, id));
            follow(id, _ -> {});
            throw e;
        }
    }

    private <R extends Reply> R expect(Reply reply, Class<R> type) {
        if (!type.isInstance(reply)) {
            throw link.kill(
                    Kind.PROTOCOL,
                    "the worker answered %s where %s was due, and was killed"
                            .formatted(reply.getClass().getSimpleName(), type.getSimpleName()));
        }
        return type.cast(reply);
    }

    private static String words(Duration limit) {
        return limit.toMillis() < 10_000 ? limit.toMillis() + " ms" : limit.toSeconds() + " s";
    }
}
