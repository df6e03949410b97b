package io.rackmark.runner.agent;

import io.rackmark.data.Question;
import java.util.Locale;

/**
 * A question put to the agent.
 *
 * @param id its id in the question set
 * @param tier its difficulty tier
 * @param text as the user puts it
 */
public record AgentQuestion(String id, String tier, String text) {

    /** A question of a set. */
    public static AgentQuestion of(Question question) {
        return new AgentQuestion(
                question.id(), question.tier().name().toLowerCase(Locale.ROOT), question.text());
    }
}
