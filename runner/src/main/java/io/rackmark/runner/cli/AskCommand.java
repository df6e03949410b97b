package io.rackmark.runner.cli;

import io.rackmark.data.Database;
import io.rackmark.data.DatabaseNotes;
import io.rackmark.data.SqlOutcome;
import io.rackmark.engine.EngineDescription;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.Precision;
import io.rackmark.engine.worker.WorkerException;
import io.rackmark.runner.agent.AgentAnswer;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.plan.SqlPlan;
import io.rackmark.runner.plan.SystemPlan;
import io.rackmark.runner.remote.RemoteTarget;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.run.AgentKnobs;
import io.rackmark.runner.run.AskSession;
import io.rackmark.runner.run.EngineInventory;
import io.rackmark.runner.run.Home;
import io.rackmark.runner.run.ModelStock;
import io.rackmark.runner.run.RemoteStock;
import io.rackmark.runner.run.ResolvedPlan;
import io.rackmark.runner.run.ResolvedSystem;
import io.rackmark.runner.run.Resolver;
import io.rackmark.runner.run.SqlStock;

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

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code rackmark ask}: one question, or a conversation. */
@Command(
        name = "ask",
        mixinStandardHelpOptions = true,
        description = {
            "Ask a database a question in words.",
            "Without a question: a shell with follow-ups; /new forgets, /quit ends."
        })
final class AskCommand implements Callable<Integer> {
    private static final String DEFAULT_PRECISION = "q8_0";

    @Spec private CommandSpec spec;

    @Mixin private Places places;

    @Mixin private SystemFlags systems;

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
                        systems.endpoints().isEmpty()
                                ? AskSession.open(
                                        engines,
                                        system(home, engines, stock, view),
                                        database,
                                        notes,
                                        AgentKnobs.of(plan))
                                : AskSession.open(
                                        endpoint(home), database, notes, AgentKnobs.of(plan))) {
            view.finish();
            return words.isEmpty() ? shell(session) : answer(session, String.join(" ", words));
        }
    }

    private ResolvedSystem system(
            Home home, EngineInventory engines, SqlStock stock, ConsoleView view) {
        Plan plan = new Plan("ask", systems.systems(), Defaults.speed(), null);
        ResolvedPlan resolved =
                new Resolver(
                                engines,
                                new ModelStock(home, view),
                                stock,
                                system -> single(engines, systems.override(system)))
                        .resolve(plan);
        return resolved.systems().getFirst();
    }

    private RemoteTarget endpoint(Home home) {
        if (systems.model().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--provider and --url need --model: its name at the endpoint");
        }
        return RemoteStock.find(home, null).target(systems.endpoints().getFirst(), systems.model());
    }

    private static SystemPlan single(EngineInventory engines, SystemPlan system) {
        return system.precisions().isEmpty()
                ? new SystemPlan(
                        system.engine(),
                        system.model(),
                        List.of(precision(engines, system)),
                        system.contextTokens(),
                        system.threads(),
                        system.device(),
                        system.options())
                : system;
    }

    /** The small one where the engine has it. */
    private static String precision(EngineInventory engines, SystemPlan system) {
        if (!engines.has(system.engine())) {
            return DEFAULT_PRECISION;
        }
        try {
            EngineDescription engine =
                    engines.report(system.engine(), system.options()).description();
            List<String> taken = engine.precisions().stream().map(Precision::label).toList();
            return taken.contains(DEFAULT_PRECISION)
                    ? DEFAULT_PRECISION
                    : engine.usualPrecisions().getFirst().label();
        } catch (EngineException | WorkerException e) {
            // The resolver asks again and reports it among the other faults.
            return DEFAULT_PRECISION;
        }
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
