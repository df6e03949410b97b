package io.rackmark.runner.agent;

import io.rackmark.engine.Message;
import io.rackmark.engine.Message.Role;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The messages of a prompt, turn by turn. The embedded model was trained on these very forms. */
final class Conversation {
    private static final String BASELINE = "Convert this question to SQL: ";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Conversation() {}

    /** The whole prompt of the baseline strategy. */
    static List<Message> baseline(String question) {
        return List.of(new Message(Role.USER, BASELINE + question));
    }

    /** System message, earlier exchanges, question. */
    static List<Message> opening(String system, List<Exchange> history, String question) {
        List<Message> messages = new ArrayList<>();
        messages.add(new Message(Role.SYSTEM, system));
        for (Exchange exchange : history) {
            messages.add(new Message(Role.USER, exchange.question()));
            messages.add(new Message(Role.ASSISTANT, answer(exchange)));
        }
        messages.add(new Message(Role.USER, question));
        return messages;
    }

    /** The prompt so far under another system message, the response to it and what was wrong. */
    static List<Message> repair(
            List<Message> prompt, String system, String response, String error) {
        List<Message> messages = new ArrayList<>(prompt);
        messages.set(0, new Message(Role.SYSTEM, system));
        messages.add(new Message(Role.ASSISTANT, response));
        messages.add(new Message(Role.USER, complaint(error)));
        return messages;
    }

    /** Messages of a prompt that are not at the same place in the one before. */
    static List<Message> added(List<Message> before, List<Message> prompt) {
        List<Message> added = new ArrayList<>();
        for (int i = 0; i < prompt.size(); i++) {
            if (i >= before.size() || !prompt.get(i).equals(before.get(i))) {
                added.add(prompt.get(i));
            }
        }
        return added;
    }

    private static String complaint(String error) {
        return "Your query failed: %s\nReturn a corrected query in the same JSON format."
                .formatted(error);
    }

    private static String answer(Exchange exchange) {
        String rationale = exchange.rationale() == null ? "" : exchange.rationale();
        return "{\"sql\": %s, \"rationale\": %s}"
                .formatted(
                        JSON.writeValueAsString(exchange.sql()),
                        JSON.writeValueAsString(rationale));
    }
}
