package io.rackmark.engine.onnxruntime;

import io.rackmark.engine.OptionSpec;
import io.rackmark.engine.OptionValues;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The options that concern other devices than the CPU.
 *
 * @param provider nothing leaves it to the device
 * @param binding nothing leaves it to the device
 * @param tf32 whether 32-bit products may be rounded to TensorFloat-32
 */
record GpuOptions(
        Optional<Provider> provider, Optional<Binding> binding, TensorRt tensorRt, boolean tf32) {

    /** How inputs and outputs reach the graph. */
    enum Binding {
        /** By the Java API, in main memory. */
        JAVA,
        /** By the C API, keys and values in the memory of the device. */
        IO
    }

    /** How far TensorRT is let go. */
    enum TensorRt {
        /** Engines built anew at each load, in the graph's own precision. */
        BASIC,
        /** Products in 16 bits, engines and their timings kept in the cache. */
        OPTIMISED
    }

    static final List<OptionSpec> SPECS =
            List.of(
                    new OptionSpec(
                            "provider",
                            OptionSpec.Kind.TEXT,
                            null,
                            "what computes the graph: cpu, cuda or tensorrt; by default cpu on"
                                    + " device cpu and cuda on device cuda:N"),
                    new OptionSpec(
                            "binding",
                            OptionSpec.Kind.TEXT,
                            null,
                            "how the graph is fed: java (the Java API, by default on the CPU) or io"
                                    + " (the C API with keys and values in the memory of the"
                                    + " device, always on GPUs)"),
                    new OptionSpec(
                            "tensorrt",
                            OptionSpec.Kind.TEXT,
                            label(TensorRt.BASIC),
                            "basic, or optimised: 16-bit arithmetic, and engines kept in the"
                                    + " cache"),
                    new OptionSpec(
                            "tf32",
                            OptionSpec.Kind.SWITCH,
                            "false",
                            "whether a GPU may round the factors of 32-bit products to 10 bits of"
                                    + " mantissa"));

    static GpuOptions of(OptionValues values) {
        return new GpuOptions(
                values.text("provider").map(text -> choice("provider", text, Provider.values())),
                values.text("binding").map(text -> choice("binding", text, Binding.values())),
                choice("tensorrt", values.text("tensorrt").orElseThrow(), TensorRt.values()),
                values.on("tf32"));
    }

    private static <E extends Enum<E>> E choice(String name, String text, E[] known) {
        return Arrays.stream(known)
                .filter(value -> label(value).equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                OnnxRuntimeOptions.wrong(
                                        name,
                                        text,
                                        Arrays.stream(known)
                                                .map(GpuOptions::label)
                                                .collect(Collectors.joining(", "))));
    }

    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
