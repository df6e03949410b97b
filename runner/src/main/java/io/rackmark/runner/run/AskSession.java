package io.rackmark.runner.run;

import io.rackmark.data.Database;
import io.rackmark.data.DatabaseNotes;
import io.rackmark.data.SqlRunner;
import io.rackmark.engine.Completion;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.Message;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import io.rackmark.engine.remote.RemoteClient;
import io.rackmark.engine.worker.WorkerException;
import io.rackmark.engine.worker.WorkerLauncher;
import io.rackmark.engine.worker.WorkerProcess;
import io.rackmark.runner.agent.AgentAnswer;
import io.rackmark.runner.agent.AgentQuestion;
import io.rackmark.runner.agent.AgentSettings;
import io.rackmark.runner.agent.ChatFailure;
import io.rackmark.runner.agent.ChatModel;
import io.rackmark.runner.agent.Exchange;
import io.rackmark.runner.agent.TextToSqlAgent;
import io.rackmark.runner.remote.RemoteChatModel;
import io.rackmark.runner.remote.RemoteTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A conversation with one model about one database; measures nothing that is kept. */
public final class AskSession implements AutoCloseable {
    private final Runnable model;
    private final SqlRunner database;
    private final TextToSqlAgent agent;
    private final List<Exchange> history = new ArrayList<>();

    private AskSession(Runnable model, SqlRunner database, TextToSqlAgent agent) {
        this.model = model;
        this.database = database;
        this.agent = agent;
    }

    /** Starts a worker and loads the model. */
    public static AskSession open(
            EngineInventory engines,
            ResolvedSystem system,
            Database database,
            Optional<DatabaseNotes> notes,
            AgentSettings settings) {
        WorkerProcess worker =
                WorkerLauncher.start(engines.spec(system.plan().engine(), system.plan().options()));
        try {
            worker.open();
            worker.load(system.files(), system.load());
            SqlRunner runner = new SqlRunner(database);
            TextToSqlAgent agent =
                    new TextToSqlAgent(
                            (messages, maxTokens) -> reply(worker, messages, maxTokens),
                            new TextToSqlAgent.Target(database.schema(), notes, runner),
                            settings);
            return new AskSession(worker::close, runner, agent);
        } catch (WorkerException e) {
            worker.close();
            throw e;
        }
    }

    /** Asks a model at an endpoint. */
    public static AskSession open(
            RemoteTarget target,
            Database database,
            Optional<DatabaseNotes> notes,
            AgentSettings settings) {
        RemoteClient client = target.open();
        SqlRunner runner = new SqlRunner(database);
        TextToSqlAgent agent =
                new TextToSqlAgent(
                        RemoteChatModel.unrecorded(client, target.model()),
                        new TextToSqlAgent.Target(database.schema(), notes, runner),
                        settings);
        return new AskSession(client::close, runner, agent);
    }

    /** Answers a question; it may refer to earlier ones. */
    public AgentAnswer ask(String question) {
        AgentAnswer answer = agent.answerWithRows(new AgentQuestion("ask", "", question), history);
        Exchange.of(question, answer.ledger()).ifPresent(history::add);
        return answer;
    }

    /** Forgets the conversation so far. */
    public void forget() {
        history.clear();
    }

    private static ChatModel.Reply reply(
            WorkerProcess worker, List<Message> messages, int maxTokens) {
        try {
            Completion completion =
                    worker.generate(
                                    new GenerationRequest(
                                            new Prompt.Chat(messages),
                                            Sampling.GREEDY,
                                            maxTokens,
                                            List.of(),
                                            false),
                                    null)
                            .completion();
            return new ChatModel.Reply(
                    completion.text(),
                    completion.promptTokens().size(),
                    completion.outputTokens(),
                    null,
                    null,
                    completion.finish().name());
        } catch (WorkerException e) {
            if (e.kind() != WorkerException.Kind.ENGINE) {
                throw e;
            }
            throw new ChatFailure(
                    e.engineKind() == EngineException.Kind.CONTEXT_OVERFLOW
                            ? ChatFailure.Kind.CONTEXT_OVERFLOW
                            : ChatFailure.Kind.FATAL,
                    String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        database.close();
        model.run();
    }
}
