package io.rackmark.runner.remote;

import io.rackmark.engine.Message;
import io.rackmark.engine.remote.RemoteClient;
import io.rackmark.engine.remote.RemoteException;
import io.rackmark.engine.remote.RemoteFailure;
import io.rackmark.engine.remote.RemoteRequest;
import io.rackmark.engine.remote.RemoteResult;
import io.rackmark.engine.remote.Usage;
import io.rackmark.engine.remote.provider.Pacer;
import io.rackmark.runner.measure.Progress;
import io.rackmark.runner.measure.QuestionSession;
import io.rackmark.runner.measure.ResultSink;
import io.rackmark.runner.measure.StepListener;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint in one cell: sends requests, keeps their records, knows what is already there.
 * Several threads may send at once.
 */
final class RemoteSession implements QuestionSession {
    /** English text, over the tokenizers of today. */
    private static final int CHARS_PER_TOKEN = 4;

    /** The usual length of an answer, until the endpoint has counted. */
    private static final int USUAL_OUTPUT = 128;

    /**
     * Who is asked.
     *
     * @param model its name there
     * @param pacer holds requests back that would come too soon
     */
    record Peer(RemoteClient client, String model, Pacer pacer) {}

    private final Peer peer;
    private final RemoteRecords records;
    private final Progress progress;
    private final ResultSink sink;
    private final StepListener listener;
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicLong pacedNanos = new AtomicLong();
    private final AtomicReference<@Nullable String> servedModel = new AtomicReference<>();

    RemoteSession(
            Peer peer,
            RemoteRecords records,
            Progress progress,
            ResultSink sink,
            StepListener listener) {
        this.peer = peer;
        this.records = records;
        this.progress = progress;
        this.sink = sink;
        this.listener = listener;
    }

    @Override
    public CellKey key() {
        return records.key();
    }

    @Override
    public int attempt() {
        return records.attempt();
    }

    @Override
    public boolean has(String label) {
        return progress.finished().contains(label);
    }

    @Override
    public void question(QuestionRecord question) {
        sink.question(question);
        listener.step(key(), question.ledger().questionId());
    }

    /** Waits until the endpoint's limits leave room for this chat. */
    Pacer.Grant pace(List<Message> messages, int maxTokens) {
        int chars = messages.stream().mapToInt(message -> message.content().length()).sum();
        Pacer.Grant grant =
                peer.pacer().await(chars / CHARS_PER_TOKEN + Math.min(maxTokens, USUAL_OUTPUT));
        pacedNanos.addAndGet(grant.waitedNanos());
        return grant;
    }

    /**
     * Sends one chat in its turn and stores it before returning.
     *
     * @throws RemoteException when no further request of the cell can succeed either
     */
    RemoteResult chat(String label, Phase phase, List<Message> messages, int maxTokens) {
        return chat(label, phase, request(messages, maxTokens), pace(messages, maxTokens));
    }

    /**
     * Sends one chat whose turn has come and stores it before returning.
     *
     * @throws RemoteException when no further request of the cell can succeed either
     */
    RemoteResult chat(String label, Phase phase, RemoteRequest request, Pacer.Grant grant) {
        RemoteResult result = peer.client().send(request);
        settle(grant, result.usage());
        sink.request(records.of(label, phase, result, grant.waitedNanos()));
        @Nullable RemoteFailure failure = result.failure();
        if (failure != null && hopeless(failure.kind())) {
            throw new RemoteException(failure);
        }
        if (failure != null && failure.passes()) {
            refusals.incrementAndGet();
        }
        servedModel.compareAndSet(null, result.servedModel());
        listener.step(key(), label);
        return result;
    }

    private void settle(Pacer.Grant grant, @Nullable Usage usage) {
        @Nullable Integer prompt = usage == null ? null : usage.promptTokens();
        @Nullable Integer output = usage == null ? null : usage.outputTokens();
        if (prompt != null && output != null) {
            peer.pacer().used(grant, prompt + output);
        }
    }

    /** A chat with this endpoint's model. */
    RemoteRequest request(List<Message> messages, int maxTokens) {
        return RemoteRequest.chat(peer.model(), messages, maxTokens);
    }

    /** Held back in all, to keep to the endpoint's limits. */
    Duration paced() {
        return Duration.ofNanos(pacedNanos.get());
    }

    /** Requests that were refused and may have been asked again. */
    int refusals() {
        return refusals.get();
    }

    /** The model's name in the answers; empty when none told. */
    Optional<String> servedModel() {
        return Optional.ofNullable(servedModel.get());
    }

    /** An endpoint that is not there, or not for us, has not answered wrongly. */
    private static boolean hopeless(RemoteFailure.Kind kind) {
        return switch (kind) {
            case DENIED, NO_SUCH_MODEL, NO_SUCH_ADDRESS, UNREACHABLE, TLS, CANCELLED -> true;
            case RATE_LIMITED,
                    OVERLOADED,
                    BAD_REQUEST,
                    CONTEXT_OVERFLOW,
                    STALLED,
                    DEADLINE,
                    CUT,
                    MALFORMED,
                    TOO_LARGE ->
                    false;
        };
    }
}
