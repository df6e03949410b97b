package io.rackmark.engine;

import java.util.List;

/** What a model is asked to continue. */
public sealed interface Prompt {

    /** Turns of a conversation; rendered by the model's own chat template. */
    record Chat(List<Message> messages) implements Prompt {
        public Chat {
            messages = List.copyOf(messages);
        }
    }

    /** Text taken as it is, without a chat template. */
    record Text(String text) implements Prompt {}

    /** Token ids taken as they are, for speed tests of exact length. */
    record Tokens(List<Integer> ids) implements Prompt {
        public Tokens {
            ids = List.copyOf(ids);
        }
    }
}
