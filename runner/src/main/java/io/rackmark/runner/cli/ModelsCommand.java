package io.rackmark.runner.cli;

import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.Precision;
import io.rackmark.model.ModelFile;
import io.rackmark.model.ModelInspection;
import io.rackmark.model.convert.ConversionCache;
import io.rackmark.runner.run.Home;
import io.rackmark.runner.run.ModelStock;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rackmark models}: checkpoints and what is derived from them. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        subcommands = {
            ModelsListCommand.class,
            PullCommand.class,
            RemoveCommand.class,
            SynthCommand.class,
            VerifyCommand.class
        },
        description = "List, pull, inspect, convert, synthesize and verify models.")
final class ModelsCommand implements Runnable {
    private static final String MODEL_HELP =
            "catalogue name, pulled org/name, checkpoint directory or GGUF file";

    @Spec private CommandSpec spec;

    ModelsCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say which: list, pull, rm, inspect, convert, synth or verify");
    }

    @Command(
            name = "inspect",
            mixinStandardHelpOptions = true,
            description = "Show what a model is: architecture, precision, tokenizer, tensors.")
    int inspect(
            @Mixin Places places,
            @Parameters(paramLabel = "MODEL", description = MODEL_HELP) String model,
            @Option(names = "--tensors", description = "list every tensor") boolean tensors,
            @Option(names = "--json", description = "print as JSON") boolean json) {
        PrintWriter out = spec.commandLine().getOut();
        ModelInspection inspection = ModelInspection.of(places.home().catalogue().resolve(model));
        if (json) {
            Json.print(out, inspection);
            return ExitCode.DONE;
        }
        out.printf("%s  (%s, %s)%n", inspection.name(), inspection.format(), inspection.path());
        out.println("  architecture  " + Terminal.safe(inspection.architecture()));
        out.printf("  parameters    %,d%n", inspection.parameters());
        out.println(
                "  precision     "
                        + inspection.parametersByDtype().entrySet().stream()
                                .map(e -> "%s %,d".formatted(e.getKey(), e.getValue()))
                                .collect(Collectors.joining(", ")));
        out.println("  context       " + number(inspection.contextTokens()));
        out.println("  layers        " + number(inspection.layers()));
        out.println("  vocabulary    " + number(inspection.vocabulary()));
        out.println("  tokenizer     " + Terminal.safe(inspection.tokenizer()));
        out.println("  chat template " + (inspection.chatTemplate() ? "yes" : "no"));
        for (ModelFile file : inspection.files()) {
            out.printf(
                    "  file          %s  %,d bytes  sha256 %s%n",
                    Terminal.safe(file.path().toString()), file.bytes(), file.sha256());
        }
        if (tensors) {
            out.println(tensorTable(inspection));
        }
        return ExitCode.DONE;
    }

    @Command(
            name = "convert",
            mixinStandardHelpOptions = true,
            description = "Derive GGUF files from a checkpoint.")
    int convert(
            @Mixin Places places,
            @Parameters(paramLabel = "MODEL", description = MODEL_HELP) String model,
            @Option(
                            names = "--precision",
                            split = ",",
                            defaultValue = "f16",
                            paramLabel = "P",
                            description = "f32, f16, bf16, q8_0, q4_0, q4_k_m")
                    List<String> precisions,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "DIR",
                            description = "also copy the files to this directory")
                    @Nullable Path output)
            throws java.io.IOException {
        List<Precision> known = precisions.stream().map(this::precision).toList();
        Home home = places.home();
        try (ConsoleView view =
                new ConsoleView(spec.commandLine().getErr(), Terminal.interactive())) {
            ModelStock stock = new ModelStock(home, view);
            for (Precision precision : known) {
                ModelFiles files =
                        new ConversionCache(home.cache())
                                .gguf(
                                        stock.known(model),
                                        precision,
                                        ConversionCache.Reuse.CHECK_STAMP,
                                        view.begin(model + " → GGUF " + precision.label()));
                spec.commandLine().getOut().println(placed(files.weights(), output));
            }
        }
        return ExitCode.DONE;
    }

    private Precision precision(String label) {
        try {
            return Precision.of(label);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static Path placed(Path file, @Nullable Path directory) throws java.io.IOException {
        if (directory == null) {
            return file;
        }
        Files.createDirectories(directory);
        Path copy = directory.resolve(file.getFileName());
        return Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String tensorTable(ModelInspection inspection) {
        return Tables.of(
                inspection.tensors(),
                List.of(
                        Tables.text("tensor", ModelInspection.Tensor::name),
                        Tables.text("type", ModelInspection.Tensor::dtype),
                        Tables.text("shape", t -> t.shape().toString()),
                        Tables.number("bytes", t -> "%,d".formatted(t.bytes()))));
    }

    private static String number(OptionalInt value) {
        return value.isPresent() ? Integer.toString(value.getAsInt()) : "–";
    }
}
