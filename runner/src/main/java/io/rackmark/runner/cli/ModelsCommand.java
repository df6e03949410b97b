package io.rackmark.runner.cli;

import io.rackmark.model.ModelFile;
import io.rackmark.model.ModelInspection;
import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
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
            ConvertCommand.class,
            ModelsListCommand.class,
            PullCommand.class,
            RemoveCommand.class,
            SynthCommand.class,
            VerifyCommand.class
        },
        description = "List, pull, inspect, convert, synthesize and verify models.")
final class ModelsCommand implements Runnable {
    private static final String MODEL_HELP =
            "catalogue name, pulled org/name, checkpoint directory, or a .gguf, .onnx or .pt file";

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
        ModelInspection inspection = ModelInspection.of(places.home().catalogue(), model);
        if (json) {
            Json.print(out, inspection);
            return ExitCode.DONE;
        }
        out.printf("%s  (%s, %s)%n", inspection.name(), inspection.format(), inspection.path());
        if (inspection.synthetic().orElse(false)) {
            out.println("  synthetic     yes: random weights, for speed alone");
        }
        out.println("  architecture  " + Terminal.safe(inspection.architecture()));
        out.println("  parameters    " + parameters(inspection));
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

    private static String tensorTable(ModelInspection inspection) {
        return Tables.of(
                inspection.tensors(),
                List.of(
                        Tables.text("tensor", ModelInspection.Tensor::name),
                        Tables.text("type", ModelInspection.Tensor::dtype),
                        Tables.text("shape", t -> t.shape().toString()),
                        Tables.number("bytes", t -> "%,d".formatted(t.bytes()))));
    }

    private static String parameters(ModelInspection inspection) {
        return inspection.parameters().isPresent()
                ? "%,d".formatted(inspection.parameters().getAsLong())
                : "–  (a graph's tensors are counted below, by element)";
    }

    private static String number(OptionalInt value) {
        return value.isPresent() ? Integer.toString(value.getAsInt()) : "–";
    }
}
