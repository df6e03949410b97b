package io.rackmark.engine.onnxruntime;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.onnxruntime.GpuOptions.TensorRt;
import io.rackmark.model.FileHash;
import io.rackmark.model.ModelConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The provider's options for one model. The ranges of all sizes that change are given beforehand:
 * TensorRT would otherwise build its engine anew for every token that makes the sequence longer
 * than it has seen. A CUDA graph is not among them: it repeats the sizes of the run it was taken
 * from, and here they grow with every token.
 *
 * @param chunk most tokens in one run
 */
record TensorRtSettings(TensorRt level, ModelConfig config, LoadOptions load, int chunk) {

    /**
     * @param cache directory for what is built, made when the level needs it
     */
    Map<String, String> entries(WeightFiles weights, Path cache) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("trt_profile_min_shapes", shapes(1, 0));
        entries.put("trt_profile_opt_shapes", shapes(1, load.contextTokens() / 2));
        entries.put("trt_profile_max_shapes", shapes(chunk, load.contextTokens()));
        if (level == TensorRt.OPTIMISED) {
            String home = directory(weights, cache).toString();
            entries.put("trt_fp16_enable", "1");
            entries.put("trt_engine_cache_enable", "1");
            entries.put("trt_engine_cache_path", home);
            entries.put("trt_timing_cache_enable", "1");
            entries.put("trt_timing_cache_path", home);
        }
        return entries;
    }

    /** {@code input_ids:1x512,…,past_key_values.0.key:1x4x1024x64,…} */
    private String shapes(int tokens, int past) {
        StringJoiner shapes = new StringJoiner(",");
        shapes.add(GraphInterface.INPUT_IDS + ":1x" + tokens);
        shapes.add(GraphInterface.POSITION_IDS + ":1x" + tokens);
        String cache = ":1x%dx%dx%d".formatted(config.kvHeads(), past, config.headDim());
        for (int i = 0; i < config.layers(); i++) {
            shapes.add(GraphInterface.past(i, true) + cache);
            shapes.add(GraphInterface.past(i, false) + cache);
        }
        return shapes.toString();
    }

    /** One per model: ONNX Runtime names engines after the graph, and knows no weights apart. */
    private Path directory(WeightFiles weights, Path cache) {
        Path directory = cache.resolve("tensorrt").resolve(key(weights));
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new EngineException(
                    Kind.UNAVAILABLE,
                    "the engines of TensorRT cannot be kept in %s: %s; name another directory in"
                                    .formatted(directory, e)
                            + " RACKMARK_CACHE, or take option tensorrt=basic",
                    e);
        }
    }

    private String key(WeightFiles weights) {
        String text = "%s %d %d".formatted(weights.stamp(), load.contextTokens(), chunk);
        return FileHash.sha256(text.getBytes(StandardCharsets.UTF_8));
    }
}
