package io.rackmark.runner.workload;

import io.rackmark.data.Cell;
import io.rackmark.runner.agent.AgentQuestion;
import java.util.List;

/**
 * A question and its right answer on the database it is asked of.
 *
 * @param question as the agent gets it
 * @param expected rows of the gold answer, computed live
 * @param ordered whether the order of the rows counts
 */
public record GoldQuestion(AgentQuestion question, List<List<Cell>> expected, boolean ordered) {
    public GoldQuestion {
        expected = List.copyOf(expected);
    }
}
