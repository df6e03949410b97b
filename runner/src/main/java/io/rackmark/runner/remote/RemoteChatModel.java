package io.rackmark.runner.remote;

import io.rackmark.engine.Message;
import io.rackmark.engine.remote.RemoteClient;
import io.rackmark.engine.remote.RemoteRequest;
import io.rackmark.engine.remote.provider.Pacer;
import io.rackmark.runner.agent.ChatModel;
import io.rackmark.runner.result.RequestRecord.Phase;
import io.rackmark.runner.workload.SqlModel;
import java.util.List;

/** The agent's view of an endpoint; each call is one stored request, refused ones, too. */
public final class RemoteChatModel implements SqlModel {
    private final RemoteSession session;
    private String question = "";
    private int turn;
    private Pacer.Grant grant = new Pacer.Grant(0, 0);

    RemoteChatModel(RemoteSession session) {
        this.session = session;
    }

    /** A model whose requests are not kept. */
    public static ChatModel unrecorded(RemoteClient client, String model) {
        return (messages, maxTokens) ->
                RemoteReplies.of(client.send(RemoteRequest.chat(model, messages, maxTokens)), null);
    }

    @Override
    public void begin(String questionId) {
        question = questionId;
        turn = 0;
    }

    @Override
    public long pace(List<Message> messages, int maxTokens) {
        grant = session.pace(messages, maxTokens);
        return grant.waitedNanos();
    }

    /** To be sent after {@link #pace}. */
    @Override
    public Reply chat(List<Message> messages, int maxTokens) {
        String label = question + "/" + turn++;
        RemoteRequest request = session.request(messages, maxTokens);
        return RemoteReplies.of(session.chat(label, Phase.MEASURED, request, grant), label);
    }

    @Override
    public void warmUp(List<Message> messages, int maxTokens) {
        RemoteReplies.of(session.chat("first", Phase.FIRST, messages, maxTokens), "first");
    }
}
