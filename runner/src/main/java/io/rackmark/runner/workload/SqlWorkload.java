package io.rackmark.runner.workload;

import io.rackmark.data.Cell;
import io.rackmark.data.ResultComparison;
import io.rackmark.data.SqlOutcome;
import io.rackmark.data.SqlRunner;
import io.rackmark.engine.Message;
import io.rackmark.runner.agent.AgentAnswer;
import io.rackmark.runner.agent.AgentSettings;
import io.rackmark.runner.agent.ChatFailure;
import io.rackmark.runner.agent.TextToSqlAgent;
import io.rackmark.runner.measure.CellSession;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord.Phase;
import java.util.List;

/** Asks the agent every question of a set and compares its answers with the gold answers. */
public final class SqlWorkload implements Workload {
    private final SqlInputs inputs;
    private final AgentSettings settings;

    public SqlWorkload(SqlInputs inputs, AgentSettings settings) {
        this.inputs = inputs;
        this.settings = settings;
    }

    @Override
    public String id() {
        return "sql";
    }

    @Override
    public int steps() {
        return inputs.questions().size();
    }

    @Override
    public void run(CellSession session) {
        WorkerChatModel model = new WorkerChatModel(session);
        try (SqlRunner database = new SqlRunner(inputs.database())) {
            TextToSqlAgent agent =
                    new TextToSqlAgent(
                            model,
                            new TextToSqlAgent.Target(
                                    inputs.database().schema(),
                                    inputs.notes(),
                                    database),
                            settings);
            warmUp(model);
            for (GoldQuestion gold : inputs.questions()) {
                if (!session.has(gold.question().id())) {
                    model.begin(gold.question().id());
                    AgentAnswer answer = agent.answerWithRows(gold.question(), List.of());
                    session.question(new QuestionRecord(session.key(), judged(gold, answer)));
                }
            }
        }
    }

    /** A first request that does not count, so that no question pays for the model's first steps. */
    private void warmUp(WorkerChatModel model) {
        String question = inputs.questions().getFirst().question().text();
        try {
            model.send(
                    "first",
                    Phase.FIRST,
                    List.of(new Message(Message.Role.USER, question)),
                    Math.min(16, settings.maxTokens()));
        } catch (ChatFailure e) {
            // The questions themselves will tell, each in its own ledger.
        }
    }

    private static QuestionLedger judged(GoldQuestion gold, AgentAnswer answer) {
        if (answer.outcome() instanceof SqlOutcome.Rows rows && answer.ledger().executable()) {
            List<List<Cell>> expected = gold.expected();
            return answer.ledger()
                    .judged(
                            ResultComparison.sameBag(expected, rows.rows(), gold.ordered()),
                            ResultComparison.sameSet(expected, rows.rows()));
        }
        return answer.ledger().judged(false, false);
    }
}
