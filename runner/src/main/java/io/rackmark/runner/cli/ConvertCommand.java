package io.rackmark.runner.cli;

import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.Precision;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelFile;
import io.rackmark.model.convert.ConversionCache;
import io.rackmark.model.convert.ConversionCache.Reuse;
import io.rackmark.model.convert.ConversionProgress;
import io.rackmark.runner.run.Home;
import io.rackmark.runner.run.ModelStock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rackmark models convert}: a checkpoint in the form that an engine loads. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = {
            "Derive GGUF, ONNX or TorchScript files from a checkpoint, streamed in little memory.",
            "They lie in the cache, made once per checkpoint; --output copies them.",
            "gguf: f32, f16, bf16, q8_0, q4_0, q4_k_m.",
            "onnx: f32 (contrib, opset 21 and 23), f16, int8, int4. Weights that the graph can use"
                    + " as they are stay in the checkpoint.",
            "torchscript: f32, f16, bf16. The program alone; --archive puts the weights into it."
        })
final class ConvertCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private Places places;

    @Parameters(
            paramLabel = "MODEL",
            description = "catalogue name, pulled org/name or checkpoint directory")
    private String model = "";

    @Option(
            names = "--to",
            defaultValue = "gguf",
            paramLabel = "FORM",
            description = "gguf, onnx or torchscript (default: ${DEFAULT-VALUE})")
    private String to = "";

    @Option(
            names = "--precision",
            split = ",",
            paramLabel = "P",
            description = "one or more (default: f16 for gguf, else f32)")
    private List<String> precisions = List.of();

    @Option(names = "--archive", description = "torchscript: with the weights")
    private boolean archive;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "also copy the files to this directory")
    private @Nullable Path output;

    @Option(names = "--json", description = "print the files as JSON")
    private boolean json;

    ConvertCommand() {}

    private enum Form {
        GGUF(Precision.F16),
        ONNX(Precision.F32),
        TORCHSCRIPT(Precision.F32);

        private final Precision usual;

        Form(Precision usual) {
            this.usual = usual;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What was derived.
     *
     * @param main the file that an engine opens
     * @param files all that belong to it
     */
    private record Derived(
            String model,
            String form,
            String precision,
            boolean synthetic,
            Path main,
            List<ModelFile> files) {}

    @Override
    public Integer call() throws IOException {
        Form form = form();
        if (archive && form != Form.TORCHSCRIPT) {
            throw new ParameterException(
                    spec.commandLine(), "--archive goes with --to torchscript only");
        }
        List<Precision> chosen =
                precisions.isEmpty()
                        ? List.of(form.usual)
                        : precisions.stream().map(this::precision).toList();
        PrintWriter out = spec.commandLine().getOut();
        List<Derived> derived = new ArrayList<>();
        try (ConsoleView view =
                new ConsoleView(spec.commandLine().getErr(), Terminal.interactive())) {
            Checkpoint checkpoint = new ModelStock(places.home(), view).known(model);
            for (Precision precision : chosen) {
                Derived one = derive(form, checkpoint, precision, view);
                derived.add(one);
                if (!json) {
                    one.files().forEach(file -> out.println(file.path()));
                }
            }
        }
        if (json) {
            Json.print(out, derived);
        }
        return ExitCode.DONE;
    }

    private Derived derive(Form form, Checkpoint checkpoint, Precision precision, ConsoleView view)
            throws IOException {
        Home home = places.home();
        ConversionCache cache = new ConversionCache(home.cache());
        ConversionProgress progress =
                view.begin("%s → %s %s".formatted(model, form.name(), precision.label()));
        ModelFiles files =
                switch (form) {
                    case GGUF -> cache.gguf(checkpoint, precision, Reuse.CHECK_STAMP, progress);
                    case ONNX -> cache.onnx(checkpoint, precision, Reuse.CHECK_STAMP, progress);
                    case TORCHSCRIPT ->
                            cache.torchScript(
                                    checkpoint, precision, archive, Reuse.CHECK_STAMP, progress);
                };
        List<Path> placed = new ArrayList<>();
        for (Path file : ConversionCache.filesOf(files)) {
            placed.add(placed(file, output));
        }
        return new Derived(
                checkpoint.name(),
                form.label(),
                precision.label(),
                checkpoint.synthetic(),
                placed.getFirst(),
                placed.stream().map(ModelFile::of).toList());
    }

    private Form form() {
        return Arrays.stream(Form.values())
                .filter(form -> form.label().equals(to))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ParameterException(
                                        spec.commandLine(),
                                        "unknown form '%s'; known: %s"
                                                .formatted(
                                                        to,
                                                        Arrays.stream(Form.values())
                                                                .map(Form::label)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    private Precision precision(String label) {
        try {
            return Precision.of(label);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** A copy appears under its name only when it is complete. */
    private static Path placed(Path file, @Nullable Path directory) throws IOException {
        if (directory == null) {
            return file;
        }
        Path copy = directory.resolve(file.getFileName());
        Path part = copy.resolveSibling(copy.getFileName() + ".part");
        try {
            Files.createDirectories(directory);
            Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            return Files.move(part, copy, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ModelException(
                    ModelException.Kind.ENVIRONMENT,
                    "cannot write %s (%s); free space there or name another directory with --output"
                            .formatted(copy, e.getMessage()),
                    e);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
