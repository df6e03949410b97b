package io.rackmark.engine.worker;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.worker.WorkerException.Kind;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** The runner's end of the socket: sends commands, hands each reply to the call it belongs to. */
final class Link {
    static final long HELLO = 0;

    private final SocketChannel channel;
    private final Child child;
    // An empty entry in a queue says that the worker is lost.
    private final Map<Long, BlockingQueue<Optional<Reply>>> calls = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong(HELLO);
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CompletableFuture<WorkerException> failure = new CompletableFuture<>();
    private final Object sending = new Object();

    /** Expects a {@code Hello} first. */
    Link(SocketChannel channel, Child child) {
        this.channel = channel;
        this.child = child;
        calls.put(HELLO, new LinkedBlockingQueue<>());
    }

    void start() {
        Thread.ofPlatform().daemon().name("worker-replies").start(this::receive);
    }

    /** Begins a call; its id must be ended. */
    long begin() {
        long id = lastId.incrementAndGet();
        calls.put(id, new LinkedBlockingQueue<>());
        if (ending.get()) {
            calls.remove(id);
            throw failure.join();
        }
        return id;
    }

    void end(long id) {
        calls.remove(id);
    }

    /** Sends a command; a worker that cannot be reached shows in the next {@link #await}. */
    void send(Command command) {
        try {
            synchronized (sending) {
                Frames.write(channel, command);
            }
        } catch (ProtocolException e) {
            throw WorkerException.refused(
                    EngineException.Kind.BAD_REQUEST,
                    String.valueOf(e.getMessage()),
                    child.log().lastLines());
        } catch (IOException e) {
            closeChannel();
        }
    }

    /**
     * The next reply to a call; empty when none came in time.
     *
     * @throws WorkerException when the engine refused or the worker is lost
     */
    Optional<Reply> await(long id, Duration limit) {
        BlockingQueue<Optional<Reply>> queue = calls.get(id);
        if (queue == null) {
            throw new IllegalStateException("call " + id + " has ended");
        }
        try {
            Optional<Reply> event = queue.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (event == null) {
                return Optional.empty();
            }
            Reply reply = event.orElseThrow(failure::join);
            if (reply instanceof Reply.Refused refused) {
                throw WorkerException.refused(
                        refused.kind(),
                        WorkerLog.printable(refused.message()),
                        child.log().lastLines());
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw kill(Kind.INTERRUPTED, "interrupted while waiting; the worker was killed");
        }
    }

    /** Kills the worker for a reason; when it is already lost, the first reason counts. */
    WorkerException kill(Kind kind, String message) {
        return lose(() -> child.killed(kind, message));
    }

    /** Ends the channel; a worker that sees it closed exits. */
    void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger(Link.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing the worker's socket", e);
        }
    }

    private WorkerException lose(Supplier<WorkerException> cause) {
        if (ending.compareAndSet(false, true)) {
            failure.complete(cause.get());
            closeChannel();
            calls.values().forEach(queue -> queue.add(Optional.empty()));
        }
        return failure.join();
    }

    private void receive() {
        try {
            for (Optional<Reply> reply = Frames.read(channel, Reply.class);
                    reply.isPresent();
                    reply = Frames.read(channel, Reply.class)) {
                route(reply.get());
            }
            lose(child::died);
        } catch (ProtocolException.Truncated e) {
            lose(
                    () ->
                            child.endsWithin(Duration.ofSeconds(1))
                                            && child.process().exitValue() != 0
                                    ? child.died()
                                    : garbage(e));
        } catch (ProtocolException e) {
            lose(() -> garbage(e));
        } catch (IOException e) {
            lose(child::died);
        }
    }

    private WorkerException garbage(ProtocolException e) {
        return child.killed(
                Kind.PROTOCOL,
                "the worker sent what is not in the protocol and was killed: "
                        + WorkerLog.printable(String.valueOf(e.getMessage())));
    }

    private void route(Reply reply) throws ProtocolException {
        BlockingQueue<Optional<Reply>> queue = calls.get(reply.id());
        if (queue != null) {
            queue.add(Optional.of(reply));
        } else if (!(reply instanceof Reply.Progress)) {
            throw new ProtocolException(
                    "a %s for call %d, which is not running"
                            .formatted(reply.getClass().getSimpleName(), reply.id()));
        }
    }
}
