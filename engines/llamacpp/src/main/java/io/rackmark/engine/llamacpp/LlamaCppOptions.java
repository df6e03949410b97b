package io.rackmark.engine.llamacpp;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.OptionSpec;
import io.rackmark.engine.OptionSpec.Kind;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * @param lib directory of a library, or the library; nothing for the shipped one
 * @param batch most tokens in one prefill call
 * @param ubatch most tokens computed at once
 * @param mmap whether weights are mapped rather than read
 * @param kvType precision of cached keys and values
 * @param flashAttention whether attention is one fused kernel
 * @param gpuLayers layers kept on a GPU
 * @param gpuLayersGiven whether the plan itself asks for layers on a GPU
 */
record LlamaCppOptions(
        Optional<Path> lib,
        int batch,
        int ubatch,
        boolean mmap,
        KvType kvType,
        FlashAttention flashAttention,
        int gpuLayers,
        boolean gpuLayersGiven) {

    /** llama.cpp takes any larger number for all layers. */
    private static final String ALL_LAYERS = "999";

    static final List<OptionSpec> SPECS =
            List.of(
                    new OptionSpec(
                            "lib",
                            Kind.PATH,
                            null,
                            "directory that holds libllama.so or libjllama.so, or the file; unset"
                                    + " takes the shipped CPU library"),
                    new OptionSpec(
                            "batch",
                            Kind.COUNT,
                            "512",
                            "most tokens in one prefill call, 1 to 65536"),
                    new OptionSpec(
                            "ubatch",
                            Kind.COUNT,
                            "512",
                            "most tokens computed at once, 1 to batch (larger is cut to it)"),
                    new OptionSpec(
                            "mmap",
                            Kind.SWITCH,
                            "true",
                            "true maps the weights into memory, false reads them"),
                    new OptionSpec(
                            "kv-type",
                            Kind.TEXT,
                            "auto",
                            "precision of cached keys and values: f16 (llama.cpp's own default),"
                                    + " f32, or auto: f32 for f32 weights, f16 for others"),
                    new OptionSpec(
                            "flash-attention",
                            Kind.TEXT,
                            "auto",
                            "attention as one fused kernel in 16 bits: on, off, or auto: off for"
                                    + " 32-bit keys and values, else llama.cpp's own default, which"
                                    + " is off in b4916 and on where the device can in later tags"),
                    new OptionSpec(
                            "gpu-layers",
                            Kind.COUNT,
                            ALL_LAYERS,
                            "layers kept on the GPU when the device is one; more than the model has"
                                    + " means all"));

    private static final int MAX_BATCH = 65_536;

    static LlamaCppOptions of(OptionValues values) {
        int batch = inRange("batch", values.count("batch", 0));
        int ubatch = inRange("ubatch", values.count("ubatch", 0));
        return new LlamaCppOptions(
                values.path("lib"),
                batch,
                Math.min(batch, ubatch),
                values.on("mmap"),
                choice("kv-type", KvType.class, values),
                choice("flash-attention", FlashAttention.class, values),
                values.count("gpu-layers", 0),
                values.given().containsKey("gpu-layers") && values.count("gpu-layers", 0) > 0);
    }

    enum KvType {
        AUTO,
        F16,
        F32;

        /** 16-bit keys and values would be the greatest error of 32-bit weights. */
        boolean floats(Precision weights) {
            return this == F32 || (this == AUTO && weights == Precision.F32);
        }
    }

    private static <E extends Enum<E>> E choice(String name, Class<E> type, OptionValues values) {
        String label = values.text(name).orElse("auto");
        for (E choice : type.getEnumConstants()) {
            if (choice.name().toLowerCase(Locale.ROOT).equals(label)) {
                return choice;
            }
        }
        throw new EngineException(
                EngineException.Kind.BAD_OPTION,
                "engine llamacpp: option '%s' is '%s', allowed are %s"
                        .formatted(
                                name,
                                label,
                                Stream.of(type.getEnumConstants())
                                        .map(choice -> choice.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))));
    }

    private static int inRange(String name, int value) {
        if (value < 1 || value > MAX_BATCH) {
            throw new EngineException(
                    EngineException.Kind.BAD_OPTION,
                    "engine llamacpp: option '%s' is %d, allowed are 1 to %d"
                            .formatted(name, value, MAX_BATCH));
        }
        return value;
    }
}
