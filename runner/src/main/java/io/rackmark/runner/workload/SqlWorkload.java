package io.rackmark.runner.workload;

import io.rackmark.data.SqlRunner;
import io.rackmark.engine.Message;
import io.rackmark.runner.agent.AgentAnswer;
import io.rackmark.runner.agent.AgentSettings;
import io.rackmark.runner.agent.ChatFailure;
import io.rackmark.runner.agent.TextToSqlAgent;
import io.rackmark.runner.measure.CellSession;
import io.rackmark.runner.measure.QuestionSession;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
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
        ask(session, new WorkerChatModel(session));
    }

    /** Asks this model every question that the session does not have yet. */
    public void ask(QuestionSession session, SqlModel model) {
        try (SqlRunner database = new SqlRunner(inputs.database())) {
            TextToSqlAgent agent =
                    new TextToSqlAgent(
                            model,
                            new TextToSqlAgent.Target(
                                    inputs.database().schema(), inputs.notes(), database),
                            settings);
            warmUp(model, inputs, settings);
            for (GoldQuestion gold : inputs.questions()) {
                if (!session.has(gold.question().id())) {
                    model.begin(gold.question().id());
                    AgentAnswer answer = agent.answerWithRows(gold.question(), List.of());
                    QuestionLedger ledger = answer.judged(gold.expected(), gold.ordered());
                    session.question(new QuestionRecord(session.key(), ledger));
                }
            }
        }
    }

    /**
     * A first request that does not count, so that no question pays for the model's first steps.
     */
    static void warmUp(SqlModel model, SqlInputs inputs, AgentSettings settings) {
        String question = inputs.questions().getFirst().question().text();
        try {
            model.warmUp(
                    List.of(new Message(Message.Role.USER, question)),
                    Math.min(16, settings.maxTokens()));
        } catch (ChatFailure e) {
            // The questions themselves will tell, each in its own ledger.
        }
    }
}
