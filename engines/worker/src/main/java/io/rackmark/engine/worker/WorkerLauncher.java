package io.rackmark.engine.worker;

import io.rackmark.engine.worker.WorkerException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts workers. */
public final class WorkerLauncher {
    private static final SecureRandom RANDOM = new SecureRandom();

    private WorkerLauncher() {}

    /**
     * Starts a worker and returns when it has said hello.
     *
     * @throws WorkerException of kind {@code START} when it does not in the time allowed
     */
    public static WorkerProcess start(WorkerSpec spec) {
        return start(spec, WorkerMain.class);
    }

    static WorkerProcess start(WorkerSpec spec, Class<?> mainClass) {
        try (SocketFolder folder = SocketFolder.create();
                ServerSocketChannel server =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(folder.socket()));
            Files.createDirectories(spec.workDirectory());
            long execNanos = System.nanoTime();
            Process process = exec(spec, WorkerArguments.of(spec, mainClass, folder.socket()));
            Path log = spec.workDirectory().resolve("worker-%d.log".formatted(process.pid()));
            Child child = new Child(process, new WorkerLog(process.getInputStream(), log));
            return connect(spec, child, server, execNanos);
        } catch (IOException e) {
            throw WorkerException.lost(
                    Kind.START,
                    "cannot start a worker for engine %s: %s".formatted(spec.engineId(), e),
                    null,
                    List.of());
        }
    }

    private static Process exec(WorkerSpec spec, List<String> arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
        var environment = WorkerEnvironment.of(builder.environment(), spec.environment());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static WorkerProcess connect(
            WorkerSpec spec, Child child, ServerSocketChannel server, long execNanos) {
        long deadline = execNanos + spec.timeouts().start().toNanos();
        try {
            String token = handToken(child.process());
            Link link = new Link(accept(child, server, deadline), child);
            link.start();
            Reply.Hello hello = hello(link, token, deadline);
            Started started =
                    new Started(
                            child.process().pid(),
                            execNanos,
                            hello.mainNanos(),
                            sameClock(execNanos, hello.mainNanos(), System.nanoTime()));
            return new WorkerProcess(spec, child, link, started);
        } catch (WorkerException e) {
            child.kill();
            throw e.kind() == Kind.CRASH ? notStarted(child, e.getMessage()) : e;
        } catch (IOException e) {
            throw notStarted(child, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw child.killed(Kind.INTERRUPTED, "interrupted while the worker started");
        }
    }

    /** By standard input, which neither the process list nor a child of the worker can read. */
    private static String handToken(Process process) {
        byte[] secret = new byte[16];
        RANDOM.nextBytes(secret);
        String token = HexFormat.of().formatHex(secret);
        try (OutputStream in = process.getOutputStream()) {
            in.write((token + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // A process that died at once; accept() tells how.
            return token;
        }
        return token;
    }

    private static SocketChannel accept(Child child, ServerSocketChannel server, long deadline)
            throws IOException, InterruptedException {
        server.configureBlocking(false);
        while (true) {
            SocketChannel channel = server.accept();
            if (channel != null) {
                channel.configureBlocking(true);
                return channel;
            }
            if (!child.process().isAlive()) {
                throw child.died();
            }
            if (System.nanoTime() - deadline > 0) {
                throw late(child);
            }
            Thread.sleep(1);
        }
    }

    private static Reply.Hello hello(Link link, String token, long deadline) {
        Optional<Reply> first =
                link.await(Link.HELLO, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        link.end(Link.HELLO);
        Reply reply = first.orElseThrow(() -> link.kill(Kind.START, LATE));
        if (reply instanceof Reply.Hello hello
                && MessageDigest.isEqual(
                        hello.token().getBytes(StandardCharsets.UTF_8),
                        token.getBytes(StandardCharsets.UTF_8))) {
            return hello;
        }
        throw link.kill(Kind.PROTOCOL, "the first frame is not this worker's hello");
    }

    private static final String LATE =
            "the worker did not report in the time allowed for its start and was killed";

    private static WorkerException late(Child child) {
        return child.killed(Kind.START, LATE);
    }

    private static WorkerException notStarted(Child child, @Nullable String reason) {
        return child.killed(Kind.START, "the worker did not start: " + reason);
    }

    /** On Linux {@link System#nanoTime()} is CLOCK_MONOTONIC in every JVM of the machine. */
    private static boolean sameClock(long exec, long main, long hello) {
        return System.getProperty("os.name").equals("Linux") && main - exec > 0 && hello - main > 0;
    }
}
