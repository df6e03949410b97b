package io.rackmark.runner.cli;

import io.rackmark.data.Database;
import io.rackmark.data.Question;
import io.rackmark.data.QuestionSet;
import io.rackmark.data.QuestionSet.GoldCheck;
import io.rackmark.data.SampleDatabase;
import io.rackmark.data.Schema;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.run.SqlStock;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rackmark data}: the sample database and question sets. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = "Build the sample database, list and check question sets.")
final class DataCommand implements Runnable {
    private static final String DATABASE_HELP = "sample, or a SQLite file";

    @Spec private CommandSpec spec;

    DataCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say which: build, questions or check");
    }

    @Command(
            name = "build",
            mixinStandardHelpOptions = true,
            description = "Write the sample database to a file.")
    int build(@Parameters(paramLabel = "FILE", description = "file to write") Path file) {
        SampleDatabase.build(file);
        PrintWriter out = spec.commandLine().getOut();
        out.println("Wrote " + file);
        for (Schema.Table table : Database.open(file).schema().tables()) {
            out.println("  " + Terminal.safe(table.compact()));
        }
        return ExitCode.DONE;
    }

    @Command(
            name = "questions",
            mixinStandardHelpOptions = true,
            description = "List the questions of a set.")
    int questions(
            @Parameters(
                            arity = "0..1",
                            defaultValue = Defaults.QUESTIONS,
                            paramLabel = "NAME|FILE",
                            description = "core, or a YAML or JSON file")
                    String set,
            @Option(names = "--json", description = "print as JSON") boolean json) {
        PrintWriter out = spec.commandLine().getOut();
        QuestionSet questions = QuestionSet.read(set);
        if (json) {
            Json.print(out, questions);
        } else {
            out.println(
                    Tables.of(
                            questions.questions(),
                            List.of(
                                    Tables.text("id", Question::id),
                                    Tables.text("tier", DataCommand::tier),
                                    Tables.text("question", Question::text),
                                    Tables.text("tags", q -> String.join(" ", q.tags())))));
        }
        return ExitCode.DONE;
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Run every gold query of a question set on a database.")
    int check(
            @Mixin Places places,
            @Parameters(
                            arity = "0..1",
                            defaultValue = Defaults.QUESTIONS,
                            paramLabel = "NAME|FILE",
                            description = "core, or a YAML or JSON file")
                    String set,
            @Option(
                            names = "--database",
                            defaultValue = Defaults.DATABASE,
                            paramLabel = "NAME|FILE",
                            description = DATABASE_HELP)
                    String database,
            @Option(names = "--json", description = "print as JSON") boolean json) {
        PrintWriter out = spec.commandLine().getOut();
        List<GoldCheck> checks =
                QuestionSet.read(set).check(new SqlStock(places.home()).database(database));
        if (json) {
            Json.print(out, checks);
        } else {
            checks.forEach(check -> out.println(line(check)));
        }
        return checks.stream().anyMatch(GoldCheck.Faulty.class::isInstance)
                ? ExitCode.USAGE
                : ExitCode.DONE;
    }

    private static String line(GoldCheck check) {
        return switch (check) {
            case GoldCheck.Ready(Question question, var rows) ->
                    "%-10s %-7s %d rows".formatted(question.id(), tier(question), rows.size());
            case GoldCheck.Faulty(_, String fault) -> Terminal.safe(fault);
        };
    }

    private static String tier(Question question) {
        return question.tier().name().toLowerCase(Locale.ROOT);
    }
}
