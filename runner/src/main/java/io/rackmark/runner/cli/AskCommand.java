package io.rackmark.runner.cli;

import io.rackmark.data.Database;
import io.rackmark.data.DatabaseNotes;
import io.rackmark.data.SqlOutcome;
import io.rackmark.runner.agent.AgentAnswer;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.SqlPlan;
import io.rackmark.runner.remote.RemoteTarget;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.run.AgentKnobs;
import io.rackmark.runner.run.AskSession;
import io.rackmark.runner.run.EngineInventory;
import io.rackmark.runner.run.Home;
import io.rackmark.runner.run.RemoteStock;
import io.rackmark.runner.run.SqlStock;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rackmark ask}: one question, or a conversation. */
@Command(
        name = "ask",
        mixinStandardHelpOptions = true,
        description = {
            "Ask a database a question in words.",
            "Without a question: a shell with follow-ups; /new forgets, /quit ends."
        })
final class AskCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private Places places;

    @Mixin private SystemFlags systems;

    @Mixin private EndpointFlags endpoints;

    @Mixin private SqlFlags sql;

    @Parameters(arity = "0..*", paramLabel = "QUESTION", description = "the question")
    private List<String> words = List.of();

    @Option(names = "--json", description = "print the answer and how it came about as JSON")
    private boolean json;

    AskCommand() {}

    @Override
    public Integer call() throws IOException {
        Home home = places.home();
        EngineInventory engines = new EngineInventory(home);
        SqlPlan plan = sql.override(Defaults.sql());
        SqlStock stock = new SqlStock(home);
        Database database = stock.database(plan.database());
        Optional<DatabaseNotes> notes =
                plan.database().equals(Defaults.DATABASE)
                        ? Optional.of(DatabaseNotes.sample())
                        : Optional.empty();
        try (ConsoleView view =
                        new ConsoleView(spec.commandLine().getErr(), Terminal.interactive());
                AskSession session =
                        endpoints.endpoints().isEmpty()
                                ? AskSession.open(
                                        engines,
                                        new SingleSystem(home, engines, stock, view)
                                                .resolve(systems),
                                        database,
                                        notes,
                                        AgentKnobs.of(plan))
                                : AskSession.open(
                                        endpoint(home), database, notes, AgentKnobs.of(plan))) {
            view.finish();
            return words.isEmpty() ? shell(session) : answer(session, String.join(" ", words));
        }
    }

    private RemoteTarget endpoint(Home home) {
        if (systems.model().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--provider and --url need --model: its name at the endpoint");
        }
        return RemoteStock.find(home, null)
                .target(endpoints.endpoints().getFirst(), systems.model());
    }

    private int shell(AskSession session) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (org.jline.terminal.Terminal terminal =
                TerminalBuilder.builder().system(true).dumb(true).build()) {
            LineReader reader = LineReaderBuilder.builder().terminal(terminal).build();
            while (true) {
                String line = reader.readLine("rackmark> ").strip();
                switch (line) {
                    case "" -> {}
                    case "/quit", "/exit" -> {
                        return ExitCode.DONE;
                    }
                    case "/new" -> {
                        session.forget();
                        out.println("Forgotten.");
                    }
                    default -> answer(session, line);
                }
            }
        } catch (EndOfFileException | UserInterruptException e) {
            return ExitCode.DONE;
        }
    }

    private int answer(AskSession session, String question) {
        PrintWriter out = spec.commandLine().getOut();
        AgentAnswer answer = session.ask(question);
        QuestionLedger ledger = answer.ledger();
        if (json) {
            Json.print(out, ledger);
        } else {
            out.print(AnswerText.of(answer));
        }
        return ledger.executable() && answer.outcome() instanceof SqlOutcome.Rows
                ? ExitCode.DONE
                : ExitCode.FAILED;
    }
}
