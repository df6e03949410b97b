package io.rackmark.engine.remote;

import io.rackmark.engine.Message;
import java.util.List;

/**
 * One request at temperature 0.
 *
 * @param model name at the endpoint
 * @param prompt what to answer or to continue
 * @param maxTokens most output tokens, at least 1
 * @param stream whether the answer comes in events
 */
public record RemoteRequest(String model, Prompt prompt, int maxTokens, boolean stream) {

    /** What stands before the answer. */
    public sealed interface Prompt {
        /** A conversation, for chat completions. */
        record Chat(List<Message> messages) implements Prompt {
            public Chat {
                messages = List.copyOf(messages);
            }
        }

        /** A text to continue, for completions. */
        record Text(String text) implements Prompt {}
    }

    public RemoteRequest {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, was " + maxTokens);
        }
    }

    /** A streamed chat. */
    public static RemoteRequest chat(String model, List<Message> messages, int maxTokens) {
        return new RemoteRequest(model, new Prompt.Chat(messages), maxTokens, true);
    }
}
