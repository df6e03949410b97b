package io.rackmark.runner.agent;

import io.rackmark.engine.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model that answers a conversation, at temperature 0. Calls come from one thread at a time. */
@FunctionalInterface
public interface ChatModel {

    /**
     * Answers the conversation; blocks until the answer is whole.
     *
     * @param maxTokens most tokens to generate
     * @throws ChatFailure when there is no answer
     */
    Reply chat(List<Message> messages, int maxTokens);

    /**
     * Waits until a rate limit leaves room for the request that comes next. That time belongs to no
     * latency.
     *
     * @param maxTokens most tokens to generate
     * @return nanoseconds waited
     */
    default long pace(List<Message> messages, int maxTokens) {
        return 0;
    }

    /**
     * An answer. Numbers the model did not report are null, never 0.
     *
     * @param text the whole answer
     * @param promptTokens tokens of the prompt
     * @param outputTokens tokens generated
     * @param cachedTokens prompt tokens served from a cache
     * @param timeline id of the raw request record, which holds every event time
     * @param finish why it ended, in the engine's word
     */
    record Reply(
            String text,
            @Nullable Integer promptTokens,
            @Nullable Integer outputTokens,
            @Nullable Integer cachedTokens,
            @Nullable String timeline,
            String finish) {}
}
