package io.rackmark.runner.remote;

import io.rackmark.engine.Message;
import io.rackmark.engine.remote.RemoteClient;
import io.rackmark.engine.remote.RemoteException;
import io.rackmark.engine.remote.RemoteFailure;
import io.rackmark.engine.remote.RemoteRequest;
import io.rackmark.engine.remote.RemoteResult;
import io.rackmark.runner.measure.Progress;
import io.rackmark.runner.measure.QuestionSession;
import io.rackmark.runner.measure.ResultSink;
import io.rackmark.runner.measure.StepListener;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord.Phase;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An endpoint in one cell: sends requests, keeps their records, knows what is already there. */
final class RemoteSession implements QuestionSession {
    private final RemoteClient client;
    private final String model;
    private final RemoteRecords records;
    private final Progress progress;
    private final ResultSink sink;
    private final StepListener listener;
    private int refusals;
    private @Nullable String servedModel;

    RemoteSession(
            RemoteClient client,
            String model,
            RemoteRecords records,
            Progress progress,
            ResultSink sink,
            StepListener listener) {
        this.client = client;
        this.model = model;
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
    public boolean has(String label) {
        return progress.finished().contains(label);
    }

    @Override
    public void question(QuestionRecord question) {
        sink.question(question);
        listener.step(key(), question.ledger().questionId());
    }

    /**
     * Sends one chat and stores it before returning.
     *
     * @throws RemoteException when no further request of the cell can succeed either
     */
    RemoteResult chat(String label, Phase phase, List<Message> messages, int maxTokens) {
        RemoteResult result = client.send(RemoteRequest.chat(model, messages, maxTokens));
        sink.request(records.of(label, phase, result));
        @Nullable RemoteFailure failure = result.failure();
        if (failure != null && hopeless(failure.kind())) {
            throw new RemoteException(failure);
        }
        if (failure != null && failure.passes()) {
            refusals++;
        }
        servedModel = servedModel == null ? result.servedModel() : servedModel;
        listener.step(key(), label);
        return result;
    }

    /** Requests that were refused and may have been asked again. */
    int refusals() {
        return refusals;
    }

    /** The model's name in the answers; empty when none told. */
    Optional<String> servedModel() {
        return Optional.ofNullable(servedModel);
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
