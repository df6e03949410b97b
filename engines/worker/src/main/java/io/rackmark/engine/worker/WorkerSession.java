package io.rackmark.engine.worker;

import io.rackmark.engine.EngineException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Carries out commands. The engine is used from one thread, each generation has its own, and the
 * thread that reads commands does nothing else, so that it notices the end of the runner at once.
 */
final class WorkerSession {
    private static final int STOPPED = 0;
    private static final int RUNNER_GONE = 4;

    /** Longer than any runner waits for the engine to close. */
    private static final long MOST_STOPPING_MILLIS = 60_000;

    private final SocketChannel channel;
    private final Outbox outbox;
    private final EngineHolder holder;
    private final Requests requests;
    private final ExecutorService engineThread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("engine").factory());
    private final ExecutorService requestThreads =
            Executors.newCachedThreadPool(Thread.ofPlatform().name("request-", 0).factory());

    WorkerSession(SocketChannel channel, Outbox outbox, String engineId) {
        this.channel = channel;
        this.outbox = outbox;
        this.holder = new EngineHolder(engineId);
        this.requests = new Requests(outbox);
    }

    /** Returns never: the process ends with the channel or on command. */
    void serve() {
        try {
            for (Optional<Command> command = Frames.read(channel, Command.class);
                    command.isPresent();
                    command = Frames.read(channel, Command.class)) {
                dispatch(command.get());
                if (command.get() instanceof Command.Stop) {
                    // A thread that reads is in native code, and the JVM's exit waits 300 ms for it
                    // (VM_Exit::wait_for_threads_in_native_to_block); one that sleeps is not.
                    Thread.sleep(MOST_STOPPING_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            System.err.println("interrupted while the engine closed");
        } catch (IOException e) {
            System.err.println("the runner is gone: " + e);
        }
        // Native code may hold any lock and any thread: no shutdown hooks.
        Runtime.getRuntime().halt(RUNNER_GONE);
    }

    private void dispatch(Command command) {
        switch (command) {
            case Command.Describe c ->
                    onEngine(c, () -> new Reply.Engine(c.id(), holder.describe(c.options())));
            case Command.Open c ->
                    onEngine(c, () -> new Reply.Opened(c.id(), holder.open(c.options())));
            case Command.Load c ->
                    onEngine(
                            c, () -> new Reply.Loaded(c.id(), holder.load(c.files(), c.options())));
            case Command.Tokens c ->
                    onEngine(
                            c, () -> new Reply.TokenIds(c.id(), holder.model().tokens(c.prompt())));
            case Command.Logits c ->
                    onEngine(
                            c,
                            () ->
                                    new Reply.Logits(
                                            c.id(),
                                            LogitsFile.write(
                                                    c.file(),
                                                    holder.model()
                                                            .logits(
                                                                    c.prompt(),
                                                                    c.continuation()))));
            case Command.Generate c -> {
                // Here, so that a cancel that comes next finds it.
                requests.expect(c.id());
                requestThreads.execute(() -> answer(c, () -> requests.generate(holder::model, c)));
            }
            case Command.Cancel c -> requests.cancel(c.request());
            case Command.Stop _ -> engineThread.execute(this::stop);
        }
    }

    private void onEngine(Command command, Supplier<Reply> work) {
        engineThread.execute(() -> answer(command, work));
    }

    private void answer(Command command, Supplier<Reply> work) {
        Reply reply;
        try {
            reply = work.get();
        } catch (EngineException e) {
            reply = new Reply.Refused(command.id(), e.kind(), String.valueOf(e.getMessage()));
        } catch (OutOfMemoryError e) {
            // Those thrown by library code bypass -XX:+ExitOnOutOfMemoryError.
            System.err.println("Terminating due to " + e);
            Runtime.getRuntime().halt(ExitStatus.OUT_OF_MEMORY);
            throw e;
        } catch (RuntimeException | Error e) {
            System.getLogger(WorkerSession.class.getName())
                    .log(Level.ERROR, command.getClass().getSimpleName() + " failed", e);
            reply = new Reply.Refused(command.id(), EngineException.Kind.INTERNAL, e.toString());
        }
        outbox.send(reply);
    }

    private void stop() {
        try {
            requests.cancel(0);
            holder.close();
        } finally {
            Runtime.getRuntime().halt(STOPPED);
        }
    }
}
