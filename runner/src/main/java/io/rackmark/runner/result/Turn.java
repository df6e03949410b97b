package io.rackmark.runner.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request to the model and what came of it.
 *
 * @param index 0 for the question, 1 and 2 for repairs
 * @param newMessages messages of the prompt that the turn before did not have; the system message
 *     appears again when it changed
 * @param raw the response, cut at 262144 characters, or null when none arrived
 * @param sql SQL taken from the response, or null when it held none
 * @param rationale the model's reason, when it gave one
 * @param jsonHonoured whether the response kept the JSON contract unaided; null when none was asked
 *     for or none arrived
 * @param execution what the database said, or null when nothing was executed
 * @param failure why no response arrived, in one sentence
 * @param cost tokens, nanoseconds and request ids
 */
public record Turn(
        int index,
        List<Line> newMessages,
        @Nullable String raw,
        @Nullable String sql,
        @Nullable String rationale,
        @Nullable Boolean jsonHonoured,
        @Nullable SqlExecution execution,
        @Nullable String failure,
        TurnCost cost) {

    /**
     * One message of a prompt.
     *
     * @param role system, user or assistant
     * @param content its text
     */
    public record Line(String role, String content) {}

    public Turn {
        newMessages = List.copyOf(newMessages);
    }
}
