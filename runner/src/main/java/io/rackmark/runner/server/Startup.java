package io.rackmark.runner.server;

import io.rackmark.runner.server.LoopbackHttp.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for a started server stage by stage: port open, ready, model loaded. */
final class Startup {
    /** Resolution of the stages' times. */
    private static final Duration POLL = Duration.ofMillis(20);

    private static final Duration TELL = Duration.ofSeconds(1);

    /** A ready path that hangs is asked again. */
    private static final Duration READY_ANSWER = Duration.ofSeconds(10);

    private static final int CONNECT_MILLIS = 1000;

    private final ServerSpec spec;
    private final Supervisor supervisor;
    private final ServerLog log;
    private final LoopbackHttp http;
    private final ServerListener listener;
    private final int port;
    private final long execNanos;
    private long toldNanos;
    private String stage = "starting";
    private String lastAnswer = "it has opened no port yet";

    Startup(
            ServerSpec spec,
            Supervisor supervisor,
            ServerLog log,
            LoopbackHttp http,
            ServerListener listener,
            Start start) {
        this.spec = spec;
        this.supervisor = supervisor;
        this.log = log;
        this.http = http;
        this.listener = listener;
        this.port = start.port();
        this.execNanos = start.execNanos();
        this.toldNanos = execNanos;
    }

    /**
     * @param port on the loopback interface
     * @param execNanos before the process was started
     */
    record Start(int port, long execNanos) {}

    ServerStages await() {
        while (!portOpen()) {
            pause();
        }
        long portOpenNanos = System.nanoTime();
        stage = "loading";
        lastAnswer = "it has not answered on " + spec.readyPath();
        while (!ready()) {
            pause();
        }
        long readyNanos = System.nanoTime();
        long pullNanos = 0;
        long loadedNanos = readyNanos;
        for (Preset.Step step : spec.preset().steps()) {
            if (asked(step)) {
                long from = System.nanoTime();
                run(step);
                loadedNanos = System.nanoTime();
                pullNanos += step.name().equals("pull") ? loadedNanos - from : 0;
            }
        }
        return new ServerStages(execNanos, portOpenNanos, readyNanos, loadedNanos, pullNanos, null);
    }

    private boolean asked(Preset.Step step) {
        Preset.@Nullable When when = step.when();
        return when == null || spec.option(when.option()).equals(when.is());
    }

    private boolean portOpen() {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.ofLiteral(LaunchBuilder.HOST), port),
                    CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean ready() {
        Optional<Answer> answer = answer(http.get(spec.readyPath()), READY_ANSWER);
        answer.ifPresent(a -> lastAnswer = "%s answers %d".formatted(spec.readyPath(), a.status()));
        return answer.isPresent() && answer.get().status() == 200;
    }

    private void run(Preset.Step step) {
        stage = step.name();
        lastAnswer = step.path() + " has not answered";
        Map<String, Object> values = new TreeMap<>(Map.of("model", spec.plan().model()));
        Optional<Answer> answer =
                answer(http.post(step.path(), new Words(values).tree(step.body())), left());
        if (answer.isEmpty()) {
            check();
            throw refused(step, "the connection broke");
        }
        String error = answer.get().json().path("error").asString("");
        if (!error.isEmpty()) {
            throw refused(step, shortened(error));
        }
        if (!answer.get().good()) {
            throw refused(step, "status " + answer.get().status());
        }
    }

    private ServerException refused(Preset.Step step, String reason) {
        return new ServerException(
                ServerException.Kind.REFUSED,
                "%s could not %s %s: %s"
                        .formatted(spec.title(), step.name(), spec.plan().model(), reason),
                log.tail());
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= 300 ? line : line.substring(0, 300) + "…";
    }

    /** Empty when there is none in time, or the connection broke. */
    private Optional<Answer> answer(CompletableFuture<Answer> coming, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() - deadline < 0) {
            try {
                return Optional.of(coming.get(POLL.toNanos(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                check();
            } catch (ExecutionException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
        coming.cancel(true);
        return Optional.empty();
    }

    private void pause() {
        check();
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void check() {
        if (supervisor.ended()) {
            throw exited(spec, supervisor, log, "before it was ready");
        }
        if (left().isNegative()) {
            throw late();
        }
        if (System.nanoTime() - toldNanos > TELL.toNanos()) {
            toldNanos = System.nanoTime();
            listener.waiting(
                    new ServerProgress(
                            spec.title(),
                            stage,
                            Duration.ofNanos(toldNanos - execNanos),
                            spec.readyLimit(),
                            log.lastLine()));
        }
    }

    private Duration left() {
        return spec.readyLimit().minusNanos(System.nanoTime() - execNanos);
    }

    private ServerException late() {
        return new ServerException(
                ServerException.Kind.NOT_READY,
                "%s was not ready within %d s (%s) and was stopped; raise ready.seconds, or look into %s%s"
                        .formatted(
                                spec.title(),
                                spec.readyLimit().toSeconds(),
                                lastAnswer,
                                log.file(),
                                lastWords(log)),
                log.tail());
    }

    private ServerException interrupted() {
        Thread.currentThread().interrupt();
        return new ServerException(
                ServerException.Kind.INTERRUPTED,
                "interrupted while %s started; it was stopped".formatted(spec.title()),
                log.tail());
    }

    static ServerException exited(
            ServerSpec spec, Supervisor supervisor, ServerLog log, String when) {
        boolean notInstalled =
                log.tail().stream()
                        .anyMatch(line -> line.matches(".*(No module named|command not found).*"));
        return new ServerException(
                notInstalled ? ServerException.Kind.UNAVAILABLE : ServerException.Kind.EXITED,
                "%s %s %s%s%s; its log is %s"
                        .formatted(
                                spec.title(),
                                supervisor.ending(),
                                when,
                                lastWords(log),
                                notInstalled ? "; " + spec.preset().remedy() : "",
                                log.file()),
                log.tail());
    }

    private static String lastWords(ServerLog log) {
        String line = log.lastLine();
        return line.isEmpty() ? "" : "; its last words: " + line;
    }
}
