package io.rackmark.runner.agent;

import io.rackmark.data.DatabaseNotes;
import io.rackmark.data.Schema;
import io.rackmark.data.SqlRunner;
import io.rackmark.runner.result.QuestionLedger;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Turns a question into SQL with the help of a model, runs it, and asks the model to repair what
 * fails. One agent serves one stream of questions: its model and its SQL runner are used by one
 * thread at a time.
 */
public final class TextToSqlAgent {
    private final Parts parts;

    /** What every question needs. */
    record Parts(
            PatientModel model,
            SystemMessages system,
            SqlRunner database,
            AgentSettings settings,
            AgentTime time) {}

    /**
     * The database as the agent sees it.
     *
     * @param schema what the model is told of
     * @param notes what else the model is told, if anything
     * @param runner a way to run SQL, with its caps
     */
    public record Target(Schema schema, Optional<DatabaseNotes> notes, SqlRunner runner) {}

    public TextToSqlAgent(ChatModel model, Target target, AgentSettings settings) {
        this(model, target, settings, AgentTime.system(), RandomGenerator.getDefault());
    }

    /**
     * An agent with a clock of the caller's.
     *
     * @param random source of the back-off's jitter
     */
    public TextToSqlAgent(
            ChatModel model,
            Target target,
            AgentSettings settings,
            AgentTime time,
            RandomGenerator random) {
        this.parts =
                new Parts(
                        new PatientModel(model, settings, time, random),
                        new SystemMessages(target.schema(), target.notes(), settings.schemaStyle()),
                        target.runner(),
                        settings,
                        time);
    }

    /**
     * Answers a question. Wrong answers, database errors and every {@link ChatFailure} end in the
     * ledger.
     *
     * @param history earlier exchanges, oldest first; the last ones are shown to the model
     */
    public QuestionLedger answer(AgentQuestion question, List<Exchange> history) {
        return answerWithRows(question, history).ledger();
    }

    /** The same with all rows of the answer, to show them or to compare them with a gold result. */
    public AgentAnswer answerWithRows(AgentQuestion question, List<Exchange> history) {
        return new Interview(parts, question, history).run();
    }
}
