package io.rackmark.runner.measure;

import io.rackmark.engine.Completion;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.worker.Generated;
import io.rackmark.engine.worker.WorkerException;
import io.rackmark.engine.worker.WorkerProcess;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.Property;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RequestRecord.Phase;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A loaded model in one cell: sends requests, keeps their records, knows what is already there. */
public final class CellSession implements QuestionSession {
    private final CellKey key;
    private final WorkerProcess worker;
    private final Progress progress;
    private final ResultSink sink;
    private final StepListener listener;
    private final List<Property> facts = new ArrayList<>();
    private final List<Flag> flags = new ArrayList<>();
    private volatile @Nullable String running;
    private @Nullable Long firstTokenNanos;
    private @Nullable Long firstSentNanos;

    CellSession(
            CellKey key,
            WorkerProcess worker,
            Progress progress,
            ResultSink sink,
            StepListener listener) {
        this.key = key;
        this.worker = worker;
        this.progress = progress;
        this.sink = sink;
        this.listener = listener;
    }

    @Override
    public CellKey key() {
        return key;
    }

    @Override
    public int attempt() {
        return progress.attempt();
    }

    /** The ids a prompt becomes. */
    public List<Integer> tokens(Prompt prompt) {
        return worker.tokens(prompt);
    }

    @Override
    public boolean has(String label) {
        return progress.finished().contains(label);
    }

    /**
     * A request and its name.
     *
     * @param label unique in the cell and attempt
     */
    public record Named(String label, GenerationRequest request) {}

    /** Keeps something about the cell with its record. */
    public void fact(String name, String value) {
        facts.add(new Property(name, value));
    }

    /** Keeps a caution with the cell's record. */
    public void flag(Flag flag) {
        flags.add(flag);
    }

    List<Property> facts() {
        return List.copyOf(facts);
    }

    List<Flag> flags() {
        return List.copyOf(flags);
    }

    /**
     * Runs requests at the same time and stores them when all have ended, so that storing one does
     * not disturb another.
     *
     * @throws WorkerException of one that failed, when all have ended
     */
    public void generateTogether(Phase phase, List<Named> requests) {
        if (requests.size() == 1) {
            generate(requests.getFirst().label(), phase, requests.getFirst().request());
            return;
        }
        running = requests.getFirst().label();
        List<Future<Generated>> futures;
        try (ExecutorService streams = Executors.newVirtualThreadPerTaskExecutor()) {
            futures =
                    requests.stream()
                            .map(r -> streams.submit(() -> worker.generate(r.request(), null)))
                            .toList();
        }
        @Nullable WorkerException failure = null;
        for (int i = 0; i < futures.size(); i++) {
            String label = requests.get(i).label();
            switch (futures.get(i).state()) {
                case SUCCESS -> {
                    sink.request(completed(label, phase, futures.get(i).resultNow()));
                    listener.step(key, label);
                }
                default -> {
                    failure = failure(futures.get(i).exceptionNow());
                    running = label;
                    sink.request(failed(label, phase, String.valueOf(failure.getMessage())));
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        running = null;
    }

    private static WorkerException failure(Throwable thrown) {
        return switch (thrown) {
            case WorkerException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown);
        };
    }

    /**
     * Runs one request and stores it before returning. Several threads may do so at once; the first
     * request comes before them.
     *
     * @param label unique in the cell and attempt
     * @throws EngineException when the engine refuses the request; it is stored as failed
     * @throws WorkerException when the worker is lost
     */
    public Generated generate(String label, Phase phase, GenerationRequest request) {
        running = label;
        try {
            Generated generated = worker.generate(request, null);
            sink.request(completed(label, phase, generated));
            if (phase == Phase.FIRST && generated.tokenNanos().length > 0) {
                firstSentNanos = generated.sentNanos();
                firstTokenNanos = generated.tokenNanos()[0];
            }
            listener.step(key, label);
            running = null;
            return generated;
        } catch (WorkerException e) {
            running = label; // another thread's request may have ended since
            sink.request(failed(label, phase, String.valueOf(e.getMessage())));
            throw e;
        }
    }

    @Override
    public void question(QuestionRecord question) {
        sink.question(question);
        listener.step(key, question.ledger().questionId());
    }

    Optional<String> running() {
        return Optional.ofNullable(running);
    }

    /** When the first request was sent and its first token came; empty before that. */
    Optional<long[]> firstRequest() {
        return firstSentNanos == null || firstTokenNanos == null
                ? Optional.empty()
                : Optional.of(new long[] {firstSentNanos, firstTokenNanos});
    }

    private RequestRecord completed(String label, Phase phase, Generated generated) {
        Completion completion = generated.completion();
        Completion.Phases phases = completion.phases();
        return new RequestRecord(
                key,
                label,
                progress.attempt(),
                phase,
                RequestRecord.State.COMPLETED,
                generated.sentNanos(),
                Arrays.stream(generated.tokenNanos()).boxed().toList(),
                completion.promptTokens().size(),
                sha256(completion.promptTokens()),
                completion.outputTokens(),
                completion.finish().name(),
                new RequestRecord.Phases(
                        phases.queueNanos(),
                        phases.templateNanos(),
                        phases.tokenizeNanos(),
                        phases.prefillNanos(),
                        phases.decodeNanos(),
                        phases.sampleNanos(),
                        phases.detokenizeNanos(),
                        phases.fillNanos()),
                generated.gcMaxPauseNanos(),
                null);
    }

    private RequestRecord failed(String label, Phase phase, String error) {
        return new RequestRecord(
                key,
                label,
                progress.attempt(),
                phase,
                RequestRecord.State.FAILED,
                System.nanoTime(),
                List.of(),
                0,
                "",
                0,
                null,
                null,
                null,
                error);
    }

    /** Of the ids as little-endian 32-bit integers, so that any engine's prompt can be compared. */
    private static String sha256(List<Integer> ids) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * ids.size()).order(ByteOrder.LITTLE_ENDIAN);
        ids.forEach(bytes::putInt);
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
