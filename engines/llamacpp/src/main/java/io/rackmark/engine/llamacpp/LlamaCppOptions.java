package io.rackmark.engine.llamacpp;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.OptionSpec;
import io.rackmark.engine.OptionSpec.Kind;
import io.rackmark.engine.OptionValues;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * @param lib directory of a library, or the library; nothing for the shipped one
 * @param batch most tokens in one prefill call
 * @param ubatch most tokens computed at once
 * @param mmap whether weights are mapped rather than read
 * @param kvFloats whether keys and values are cached in 32 bits rather than 16
 * @param gpuLayers layers kept on a GPU
 * @param gpuLayersGiven whether the plan itself asks for layers on a GPU
 */
record LlamaCppOptions(
        Optional<Path> lib,
        int batch,
        int ubatch,
        boolean mmap,
        boolean kvFloats,
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
                            "kv-floats",
                            Kind.SWITCH,
                            "false",
                            "true caches keys and values as 32-bit floats, false as 16-bit ones"
                                    + " (llama.cpp's default)"),
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
                values.on("kv-floats"),
                values.count("gpu-layers", 0),
                values.given().containsKey("gpu-layers") && values.count("gpu-layers", 0) > 0);
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
