package io.rackmark.runner.workload;

import io.rackmark.engine.Completion;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.Message;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import io.rackmark.engine.worker.WorkerException;
import io.rackmark.runner.agent.ChatFailure;
import io.rackmark.runner.measure.CellSession;
import io.rackmark.runner.result.RequestRecord.Phase;
import java.util.List;

/** The agent's view of a loaded model; each call is one stored request. */
final class WorkerChatModel implements SqlModel {
    private final CellSession session;
    private String question = "";
    private int turn;

    WorkerChatModel(CellSession session) {
        this.session = session;
    }

    @Override
    public void begin(String questionId) {
        question = questionId;
        turn = 0;
    }

    @Override
    public Reply chat(List<Message> messages, int maxTokens) {
        String label = question + "/" + turn++;
        Completion completion = send(label, Phase.MEASURED, messages, maxTokens);
        return new Reply(
                completion.text(),
                completion.promptTokens().size(),
                completion.outputTokens(),
                null,
                label,
                completion.finish().name());
    }

    @Override
    public void warmUp(List<Message> messages, int maxTokens) {
        send("first", Phase.FIRST, messages, maxTokens);
    }

    private Completion send(String label, Phase phase, List<Message> messages, int maxTokens) {
        GenerationRequest request =
                new GenerationRequest(
                        new Prompt.Chat(messages), Sampling.GREEDY, maxTokens, List.of(), false);
        try {
            return session.generate(label, phase, request).completion();
        } catch (WorkerException e) {
            if (e.kind() != WorkerException.Kind.ENGINE) {
                throw e;
            }
            boolean overflow = e.engineKind() == EngineException.Kind.CONTEXT_OVERFLOW;
            throw new ChatFailure(
                    overflow ? ChatFailure.Kind.CONTEXT_OVERFLOW : ChatFailure.Kind.FATAL,
                    String.valueOf(e.getMessage()));
        }
    }
}
