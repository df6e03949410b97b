package io.rackmark.runner.cli;

import io.rackmark.model.ModelCheck;
import io.rackmark.model.ModelSource;
import io.rackmark.runner.measure.Equivalence;
import io.rackmark.runner.run.EngineInventory;
import io.rackmark.runner.run.Home;
import io.rackmark.runner.run.ModelStock;
import io.rackmark.runner.run.ModelVerification;
import io.rackmark.runner.run.ModelVerification.Row;
import io.rackmark.runner.run.ModelVerification.Verdict;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rackmark models verify}: sound files, then the same model in every engine. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Check a model's files, then whether every engine computes the same model from them.",
            "Each engine and precision is held against the checkpoint's logits, computed in plain"
                    + " Java in double precision: 32 prompt tokens and 16 decoded ones. Relative"
                    + " RMS must stay below 1e-5 (f32), 5e-3 (f16), 3e-2 (bf16); quantised weights"
                    + " are another model by design and are compared as deployed."
        })
final class VerifyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private Places places;

    @Parameters(
            paramLabel = "MODEL",
            description = "catalogue name, checkpoint directory or GGUF file")
    private String model = "";

    @Option(
            names = "--engine",
            split = ",",
            paramLabel = "ID",
            description = "engines to compare; default: all that can run here")
    private List<String> engines = List.of();

    @Option(
            names = "--option",
            paramLabel = "NAME=VALUE",
            description = "engine option, see 'rackmark engines'")
    private Map<String, String> options = Map.of();

    @Option(
            names = "--precision",
            split = ",",
            paramLabel = "P",
            description = "precisions to compare; default: all that the engine loads")
    private List<String> precisions = List.of();

    @Option(
            names = "--device",
            paramLabel = "ID",
            defaultValue = "cpu",
            description = "where the engines compute: cpu, cuda:0, … (default: cpu)")
    private String device = "cpu";

    @Option(names = "--files-only", description = "check the files and run no engine")
    private boolean filesOnly;

    @Option(names = "--json", description = "print as JSON")
    private boolean json;

    VerifyCommand() {}

    /** Everything found, for {@code --json}. */
    record Found(ModelCheck files, List<Row> engines) {}

    @Override
    public Integer call() {
        Home home = places.home();
        ModelSource source = home.catalogue().resolve(model);
        ModelCheck check = ModelCheck.of(source);
        boolean compare = !filesOnly && check.sound() && source instanceof ModelSource.Directory;
        List<Row> rows = compare ? rows(home) : List.of();
        if (json) {
            Json.print(spec.commandLine().getOut(), new Found(check, rows));
        } else {
            print(check, rows);
        }
        boolean good =
                check.sound()
                        && rows.stream()
                                .map(Row::verdict)
                                .noneMatch(v -> v == Verdict.DIFFERS || v == Verdict.NOT_COMPARED);
        return good ? ExitCode.DONE : ExitCode.FAILED;
    }

    private List<Row> rows(Home home) {
        PrintWriter err = spec.commandLine().getErr();
        try (ConsoleView view = new ConsoleView(err, Terminal.interactive())) {
            return new ModelVerification(new EngineInventory(home), new ModelStock(home, view))
                    .verify(
                            model,
                            new ModelVerification.Selection(engines, precisions, options, device),
                            what -> err.println("Comparing " + what + " …"));
        }
    }

    private void print(ModelCheck check, List<Row> rows) {
        PrintWriter out = spec.commandLine().getOut();
        check.files()
                .forEach(
                        file ->
                                out.printf(
                                        "  %s  %,d bytes  sha256 %s…%n",
                                        Terminal.safe(String.valueOf(file.path().getFileName())),
                                        file.bytes(),
                                        file.sha256().substring(0, 16)));
        check.faults().forEach(fault -> out.println("  ✗ " + Terminal.safe(fault)));
        out.println(check.sound() ? "Files: sound." : "Files: not sound.");
        if (rows.isEmpty()) {
            return;
        }
        out.println();
        out.println(
                Tables.of(
                        rows,
                        List.of(
                                Tables.text("engine", Row::engine),
                                Tables.text("precision", Row::precision),
                                Tables.number("rel. RMS", number(e -> scientific(e.relativeRms()))),
                                Tables.number("bound", number(e -> bound(e.bound()))),
                                Tables.number("max |d|", number(e -> scientific(e.maxAbsolute()))),
                                Tables.number(
                                        "same choice",
                                        number(e -> e.sameChoice() + "/" + e.rows())),
                                Tables.text("verdict", VerifyCommand::verdict))));
    }

    private static Function<Row, String> number(Function<Equivalence, String> of) {
        return row -> Optional.ofNullable(row.equivalence()).map(of).orElse("–");
    }

    private static String bound(@Nullable Double bound) {
        return bound == null ? "–" : String.format(Locale.ROOT, "%.0e", bound);
    }

    private static String scientific(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }

    private static String verdict(Row row) {
        return switch (row.verdict()) {
            case SAME_MODEL -> "same model";
            case AS_DEPLOYED -> "compared as deployed";
            case DIFFERS -> "differs from the checkpoint";
            case NOT_COMPARED -> "not compared: " + Objects.requireNonNull(row.reason());
        };
    }
}
