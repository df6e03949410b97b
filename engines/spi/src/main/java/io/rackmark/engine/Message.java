package io.rackmark.engine;

import java.util.Locale;

/** One turn of a conversation. */
public record Message(Role role, String content) {

    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT;

        /** Name in chat templates and in the chat-completions dialect. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
