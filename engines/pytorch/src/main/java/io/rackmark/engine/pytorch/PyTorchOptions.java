package io.rackmark.engine.pytorch;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.OptionSpec;
import io.rackmark.engine.OptionSpec.Kind;
import io.rackmark.engine.OptionValues;
import io.rackmark.model.torchscript.ProgramSpec.Linear;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * @param mode how the model is computed
 * @param linear which matrix product the program calls
 * @param batch most tokens in one prefill call
 * @param archive whether the weights are loaded from a TorchScript archive
 * @param library directory of a libtorch of the user's own
 */
record PyTorchOptions(
        Mode mode, Linear linear, int batch, boolean archive, Optional<Path> library) {

    /** How the model is computed. */
    enum Mode {
        /** One TorchScript program. */
        TORCHSCRIPT,
        /** One call from Java per operation: the baseline that nobody optimised. */
        EAGER
    }

    static final List<OptionSpec> SPECS =
            List.of(
                    new OptionSpec(
                            "mode",
                            Kind.TEXT,
                            "torchscript",
                            "torchscript runs one compiled program, eager one DJL call per"
                                    + " operation (f32 only)"),
                    new OptionSpec(
                            "linear",
                            Kind.TEXT,
                            "stock",
                            "stock lets libtorch choose the library for matrix products, onednn"
                                    + " always takes oneDNN"),
                    new OptionSpec(
                            "batch",
                            Kind.COUNT,
                            "512",
                            "most tokens in one prefill call, 1 to 65536"),
                    new OptionSpec(
                            "archive",
                            Kind.SWITCH,
                            "false",
                            "true loads the weights from a TorchScript archive, derived into the"
                                    + " cache, instead of the checkpoint"),
                    new OptionSpec(
                            "lib",
                            Kind.PATH,
                            null,
                            "folder of a libtorch of your own, such as one for CUDA: the lib folder"
                                + " of PyTorch's download, or torch/lib of its Python package"));

    private static final int MAX_BATCH = 65_536;

    static PyTorchOptions of(OptionValues values) {
        int batch = values.count("batch", 0);
        if (batch < 1 || batch > MAX_BATCH) {
            throw bad("option 'batch' is %d, allowed are 1 to %d".formatted(batch, MAX_BATCH));
        }
        PyTorchOptions options =
                new PyTorchOptions(
                        choice(values, "mode", Mode.values()),
                        choice(values, "linear", Linear.values()),
                        batch,
                        values.on("archive"),
                        values.path("lib"));
        if (options.mode == Mode.EAGER && (options.linear != Linear.STOCK || options.archive)) {
            throw bad(
                    "mode 'eager' takes neither linear nor archive; leave them out or take mode"
                            + " 'torchscript'");
        }
        return options;
    }

    private static <E extends Enum<E>> E choice(OptionValues values, String name, E[] known) {
        String text = values.text(name).orElseThrow();
        return Arrays.stream(known)
                .filter(value -> label(value).equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                bad(
                                        "option '%s' is '%s', allowed are %s"
                                                .formatted(
                                                        name,
                                                        text,
                                                        Arrays.stream(known)
                                                                .map(PyTorchOptions::label)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static EngineException bad(String what) {
        return new EngineException(EngineException.Kind.BAD_OPTION, "engine pytorch: " + what);
    }
}
