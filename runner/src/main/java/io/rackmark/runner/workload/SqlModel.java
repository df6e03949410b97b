package io.rackmark.runner.workload;

import io.rackmark.engine.Message;
import io.rackmark.runner.agent.ChatFailure;
import io.rackmark.runner.agent.ChatModel;
import java.util.List;

/** A model whose requests are stored under the question they belong to. */
public interface SqlModel extends ChatModel {

    /** Requests from now on belong to this question. */
    void begin(String questionId);

    /**
     * A request that is stored and does not count.
     *
     * @throws ChatFailure when there is no answer
     */
    void warmUp(List<Message> messages, int maxTokens);
}
