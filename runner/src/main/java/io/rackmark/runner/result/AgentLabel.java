package io.rackmark.runner.result;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The label of a question of the agent workload: {@code c5/r1/q07} is q07, asked in the first round
 * while five users ask at a time; {@code c5/r1~2/q07} the same when the level was begun a second
 * time. A turn of it has a request {@code c5/r1/q07/0}.
 *
 * @param users at a time
 * @param round from 1
 * @param attempt at the cell, from 1
 * @param question its id in the question set
 */
public record AgentLabel(int users, int round, int attempt, String question) {
    private static final Pattern FORM =
            Pattern.compile("c(\\d{1,9})/r(\\d{1,9})(?:~(\\d{1,9}))?/(.+)", Pattern.DOTALL);

    /** Reads the label of a question; empty for one of another workload. */
    public static Optional<AgentLabel> of(String label) {
        Matcher matcher = FORM.matcher(label);
        return matcher.matches()
                ? Optional.of(
                        new AgentLabel(
                                Integer.parseInt(matcher.group(1)),
                                Integer.parseInt(matcher.group(2)),
                                matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3)),
                                matcher.group(4)))
                : Optional.empty();
    }

    /** The question that a request was made for. */
    public static Optional<AgentLabel> ofRequest(String label) {
        int turn = label.lastIndexOf('/');
        return turn < 0 ? Optional.empty() : of(label.substring(0, turn));
    }

    @Override
    public String toString() {
        return "c%d/r%d%s/%s".formatted(users, round, attempt == 1 ? "" : "~" + attempt, question);
    }
}
