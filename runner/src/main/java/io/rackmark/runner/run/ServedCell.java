package io.rackmark.runner.run;

import io.rackmark.runner.energy.CellMetering;
import io.rackmark.runner.measure.PageCache;
import io.rackmark.runner.measure.ResultSink;
import io.rackmark.runner.remote.RemoteTarget;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.LifeCycle;
import io.rackmark.runner.result.Memory;
import io.rackmark.runner.result.Property;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.server.CrossCheck;
import io.rackmark.runner.server.ManagedServer;
import io.rackmark.runner.server.NativeTimings;
import io.rackmark.runner.server.RunningServer;
import io.rackmark.runner.server.ServerException;
import io.rackmark.runner.server.ServerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cell whose server is started for it and stopped after it. Its records pass through here: the
 * cell's own is completed with what is known of the server.
 */
final class ServedCell {
    private static final double NANOS_PER_MS = 1e6;

    /** Asked after the cell's requests, so that no figure contains it. */
    private static final String CHECK_PROMPT = "Count from one to fifty in words.";

    private static final int CHECK_TOKENS = 32;

    private final CellKey key;
    private final ServerSpec spec;
    private final ResultSink sink;
    private final RunView view;
    private final CellMetering energy;

    ServedCell(CellKey key, ServerSpec spec, ResultSink sink, RunView view, CellMetering energy) {
        this.key = key;
        this.spec = spec;
        this.sink = sink;
        this.view = view;
        this.energy = energy;
    }

    /** What is done at an endpoint, with its records. */
    @FunctionalInterface
    interface Work {
        CellRecord run(RemoteTarget target, ResultSink records);
    }

    /** Never throws for a server that fails: that is a record, too. */
    CellRecord run(RemoteTarget target, Work work) {
        LifeCycle.PageCache pageCache = preparePageCache();
        CellRecord record;
        try (RunningServer server =
                ManagedServer.start(spec, told -> view.waiting(key, told.line()))) {
            record = completed(server, pageCache, measured(server, target, work));
        } catch (ServerException e) {
            record = failed(e);
        }
        sink.energy(energy.record());
        sink.cell(record);
        return record;
    }

    private Measured measured(RunningServer server, RemoteTarget target, Work work) {
        RemoteTarget there = target.at(server.baseUrl().toString(), Map.of());
        Records records = new Records(server);
        energy.start(server.pids().stream().findFirst().orElse(-1L));
        try {
            CellRecord cell =
                    work.run(
                            new RemoteTarget(there.provider(), there.endpoint(), server.model()),
                            records);
            return new Measured(cell, records.firstRequestNanos);
        } finally {
            energy.stop();
        }
    }

    private record Measured(CellRecord cell, @Nullable Long firstRequestNanos) {}

    private CellRecord completed(
            RunningServer server, LifeCycle.PageCache pageCache, Measured measured) {
        CellRecord cell = measured.cell();
        List<Property> facts = new ArrayList<>(server.facts());
        facts.add(
                new Property(
                        "server port open",
                        "%.0f ms".formatted(server.stages().portOpenAfterNanos() / NANOS_PER_MS)));
        facts.addAll(cell.facts());
        List<Flag> flags = new ArrayList<>(cell.flags());
        flags.addAll(energy.flags());
        Optional<ServerException> loss = server.loss();
        if (loss.isPresent()) {
            return new CellRecord(
                    key, CellRecord.State.FAILED, null, null, failure(loss.get()), facts, flags);
        }
        // Meters know one process; with more of them its device memory would be a part.
        @Nullable Long device = server.pids().size() == 1 ? energy.workerMemoryBytes() : null;
        Memory memory = server.memoryRecord().withDeviceBytes(device);
        if (key.repeat() == 1 && cell.state() == CellRecord.State.DONE) {
            server.crossCheck(CHECK_PROMPT, CHECK_TOKENS)
                    .ifPresent(
                            check -> facts.add(new Property("server's own times", words(check))));
        }
        return new CellRecord(
                key,
                cell.state(),
                server.lifeCycle(pageCache, measured.firstRequestNanos()),
                memory,
                cell.failure(),
                facts,
                flags);
    }

    private static String words(CrossCheck check) {
        NativeTimings own = check.server();
        return String.format(
                Locale.ROOT,
                "prompt: %d tokens in %.1f ms, output: %d tokens in %.1f ms; by our clock %.1f ms"
                        + " in all",
                own.promptTokens(),
                own.promptNanos() / NANOS_PER_MS,
                own.outputTokens(),
                own.outputNanos() / NANOS_PER_MS,
                check.wallNanos() / NANOS_PER_MS);
    }

    private CellRecord failed(ServerException e) {
        return new CellRecord(
                key, CellRecord.State.FAILED, null, null, failure(e), List.of(), List.of());
    }

    private static CellRecord.Failure failure(ServerException e) {
        return new CellRecord.Failure(
                e.kind().name(), String.valueOf(e.getMessage()), null, e.lastLogLines());
    }

    /** As for engines in process: cold for speed, warm for questions. */
    private LifeCycle.PageCache preparePageCache() {
        Set<LifeCycle.PageCache> states = EnumSet.noneOf(LifeCycle.PageCache.class);
        try {
            for (Path file : weights()) {
                states.add(
                        key.workload().equals("speed")
                                ? PageCache.evict(file)
                                : PageCache.warm(file));
            }
        } catch (IOException e) {
            return LifeCycle.PageCache.UNKNOWN;
        }
        return states.size() == 1 ? states.iterator().next() : LifeCycle.PageCache.UNKNOWN;
    }

    private List<Path> weights() throws IOException {
        Optional<Path> model = spec.weights();
        if (model.isEmpty() || Files.isRegularFile(model.get())) {
            return model.stream().toList();
        }
        try (Stream<Path> files = Files.list(model.get())) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Passes records on, except the cell's, and notes the first token of the server's life. */
    private final class Records implements ResultSink {
        private final RunningServer server;
        private @Nullable Long firstRequestNanos;

        Records(RunningServer server) {
            this.server = server;
        }

        @Override
        public void cell(CellRecord cell) {
            // Completed and stored when the server has been looked at.
        }

        @Override
        public void request(RequestRecord request) {
            if (firstRequestNanos == null
                    && request.phase() == RequestRecord.Phase.FIRST
                    && !request.tokenNanos().isEmpty()) {
                long token = request.tokenNanos().getFirst();
                firstRequestNanos = token - request.sentNanos();
                server.firstToken(token);
            }
            sink.request(request);
        }

        @Override
        public void question(QuestionRecord question) {
            sink.question(question);
        }

        @Override
        public void energy(EnergyRecord record) {
            sink.energy(record);
        }
    }
}
