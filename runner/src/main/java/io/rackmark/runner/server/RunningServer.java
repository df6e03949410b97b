package io.rackmark.runner.server;

import io.rackmark.runner.result.LifeCycle;
import io.rackmark.runner.result.Memory;
import io.rackmark.runner.result.Property;
import io.rackmark.runner.server.LoopbackHttp.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A server with its model loaded. Closing it ends it and everything that it started. */
public final class RunningServer implements AutoCloseable {
    private static final Duration QUICK = Duration.ofSeconds(10);
    private static final Duration GENERATION = Duration.ofMinutes(10);
    private static final int FACT_CHARS = 200;

    private final ServerSpec spec;
    private final Launch launch;
    private final Supervisor supervisor;
    private final ServerLog log;
    private final LoopbackHttp http;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final List<Property> facts = new ArrayList<>();
    private ServerStages stages;
    private URI baseUrl = URI.create("http://" + LaunchBuilder.HOST + "/v1");
    private String model;

    RunningServer(
            ServerSpec spec,
            Launch launch,
            Supervisor supervisor,
            ServerLog log,
            LoopbackHttp http,
            ServerStages stages) {
        this.spec = spec;
        this.launch = launch;
        this.supervisor = supervisor;
        this.log = log;
        this.http = http;
        this.stages = stages;
        this.model = spec.plan().model();
    }

    RunningServer described(int port) {
        baseUrl = URI.create("http://%s:%d/v1".formatted(LaunchBuilder.HOST, port));
        if (!"plan".equals(spec.preset().requestModel())) {
            model =
                    answer(http.get("/v1/models"), QUICK)
                            .map(a -> a.json().at("/data/0/id").asString(""))
                            .filter(id -> !id.isBlank())
                            .orElse(model);
        }
        facts.add(new Property("server", spec.title()));
        version().ifPresent(v -> facts.add(new Property("server version", shortened(v))));
        facts.add(new Property("server command", String.join(" ", launch.command())));
        if (!launch.shown().isEmpty()) {
            facts.add(
                    new Property(
                            "server environment",
                            launch.shown().entrySet().stream()
                                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                                    .collect(Collectors.joining(" "))));
        }
        @Nullable String config = launch.config();
        if (config != null) {
            facts.add(new Property("server configuration", config));
        }
        return this;
    }

    /** Of the OpenAI-style interface, without a slash at the end. */
    public URI baseUrl() {
        return baseUrl;
    }

    /** How requests name the model. */
    public String model() {
        return model;
    }

    /** What it is: title, version, command line. No secrets: they are never on a command line. */
    public List<Property> facts() {
        return List.copyOf(facts);
    }

    /** The cold start so far. */
    public ServerStages stages() {
        return stages;
    }

    /** Adds the instant of the first token of the first request, {@link System#nanoTime()}. */
    public void firstToken(long nanos) {
        stages = stages.withFirstToken(nanos);
    }

    /** Process ids of the server and all that it started. */
    public Set<Long> pids() {
        return supervisor.family().pids();
    }

    /** Memory of them together, now. */
    public ServerMemory memory() {
        return supervisor.family().memory();
    }

    /**
     * The cold start as results keep it: exec → model loaded, and exec → first token.
     *
     * @param pageCache state of the weights before the start
     * @param firstRequestNanos TTFT of the first request; null without one
     */
    public LifeCycle lifeCycle(LifeCycle.PageCache pageCache, @Nullable Long firstRequestNanos) {
        return new LifeCycle(
                null,
                null,
                stages.loadNanos(),
                pageCache,
                firstRequestNanos,
                stages.coldStartNanos());
    }

    /** Memory now as results keep it; what a process tree does not tell is null. */
    public Memory memoryRecord() {
        ServerMemory now = memory();
        return new Memory(
                null, now.rssBytes(), now.peakRssBytes(), null, null, null, now.swapBytes());
    }

    /** Everything that it wrote to standard output and error. */
    public Path logFile() {
        return log.file();
    }

    /** Why a request got no answer, when the reason is that the server has ended. */
    public Optional<ServerException> loss() {
        return supervisor.ended()
                ? Optional.of(Startup.exited(spec, supervisor, log, "while it was measured"))
                : Optional.empty();
    }

    /**
     * Lets the server time a request by its own means; empty when it has none. Not while measured.
     *
     * @param tokens at most so many of output
     */
    public Optional<CrossCheck> crossCheck(String prompt, int tokens) {
        Preset.@Nullable Timings timings = spec.preset().timings();
        if (timings == null) {
            return Optional.empty();
        }
        Words words =
                new Words(
                        new TreeMap<>(
                                Map.<String, Object>of(
                                        "model", model, "prompt", prompt, "tokens", tokens)));
        long sent = System.nanoTime();
        Optional<Answer> answer =
                answer(http.post(timings.path(), words.tree(timings.body())), GENERATION);
        long wall = System.nanoTime() - sent;
        return answer.filter(Answer::good)
                .flatMap(a -> NativeTimings.parse(timings.form(), a.json()))
                .map(own -> new CrossCheck(own, wall));
    }

    /** Ends it: SIGTERM, and SIGKILL after the plan's grace period. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            http.close();
            supervisor.stop();
            log.redact();
        }
    }

    private Optional<String> version() {
        Preset.@Nullable Version version = spec.preset().version();
        if (version == null) {
            return Optional.empty();
        }
        @Nullable String path = version.path();
        return path == null
                ? told(version.command())
                : answer(http.get(path), QUICK)
                        .map(
                                a ->
                                        a.json()
                                                .path(Objects.requireNonNull(version.field()))
                                                .asString(""))
                        .filter(v -> !v.isBlank());
    }

    /** What the program prints in answer to {@code words}; only servers with no other way. */
    private Optional<String> told(List<String> words) {
        List<String> command = new ArrayList<>(launch.command().subList(0, programWords()));
        command.addAll(words);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        try {
            Process process = builder.start();
            try {
                if (!process.waitFor(QUICK.toSeconds(), TimeUnit.SECONDS)) {
                    return Optional.empty();
                }
                byte[] text = process.getInputStream().readNBytes(FACT_CHARS);
                return Optional.of(new String(text, StandardCharsets.UTF_8).strip())
                        .filter(v -> !v.isEmpty() && process.exitValue() == 0);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private int programWords() {
        return spec.plan().command().isEmpty()
                ? spec.preset().program().size()
                : spec.plan().command().size();
    }

    private static Optional<Answer> answer(CompletableFuture<Answer> coming, Duration limit) {
        try {
            return Optional.of(coming.get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException e) {
            coming.cancel(true);
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static String shortened(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}]", " ").strip();
        return line.length() <= FACT_CHARS ? line : line.substring(0, FACT_CHARS) + "…";
    }
}
