package io.rackmark.runner.cli;

import io.rackmark.model.Catalogue;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.ModelSource;
import io.rackmark.model.safetensors.SafetensorsDtype;
import io.rackmark.model.synth.Shapes;
import io.rackmark.model.synth.Synthesis;
import io.rackmark.model.synth.Synthesizer;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.run.Home;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rackmark models synth}: speed without a download. */
@Command(
        name = "synth",
        mixinStandardHelpOptions = true,
        description = {
            "Write a checkpoint with random weights in the exact shape of an open model.",
            "For speed, memory and energy; it answers nothing, so its accuracy is never measured."
        })
final class SynthCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "SHAPE",
            completionCandidates = ShapeNames.class,
            description = "${COMPLETION-CANDIDATES}")
    private String shape = "";

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "directory to write, new or empty")
    private Path output = Path.of("");

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "the same seed gives the same bytes (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(
            names = "--dtype",
            paramLabel = "T",
            description = "bf16 or f32; the values are the same (default: ${DEFAULT-VALUE})")
    private String dtype = "bf16";

    @Option(
            names = "--layers",
            paramLabel = "N",
            description = "transformer blocks, 1 to 512 (default: the shape's own)")
    private @Nullable Integer layers;

    SynthCommand() {}

    /** For the help text. */
    static final class ShapeNames implements Iterable<String> {
        ShapeNames() {}

        @Override
        public Iterator<String> iterator() {
            return Shapes.names().iterator();
        }
    }

    @Override
    public Integer call() {
        Synthesis synthesis = synthesis();
        try (ConsoleView view =
                new ConsoleView(spec.commandLine().getErr(), Terminal.interactive())) {
            Checkpoint checkpoint =
                    new Synthesizer(embedded())
                            .write(synthesis, output, view.begin(shape + " with random weights"));
            spec.commandLine().getOut().println(checkpoint.directory());
        }
        return ExitCode.DONE;
    }

    private Synthesis synthesis() {
        try {
            return new Synthesis(
                    shape,
                    seed,
                    type(),
                    layers == null ? OptionalInt.empty() : OptionalInt.of(layers));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private SafetensorsDtype type() {
        return switch (dtype) {
            case "bf16" -> SafetensorsDtype.BF16;
            case "f32" -> SafetensorsDtype.F32;
            default ->
                    throw new ParameterException(
                            spec.commandLine(),
                            "unknown dtype '%s'; known: %s"
                                    .formatted(dtype, String.join(", ", List.of("bf16", "f32"))));
        };
    }

    /** The tokenizer that is always there. */
    private static Checkpoint embedded() {
        return switch (new Catalogue(Home.find().root()).resolve(Defaults.MODEL)) {
            case ModelSource.Directory directory -> directory.checkpoint();
            case ModelSource.Gguf gguf ->
                    throw new IllegalStateException("the embedded model is a directory: " + gguf);
        };
    }
}
