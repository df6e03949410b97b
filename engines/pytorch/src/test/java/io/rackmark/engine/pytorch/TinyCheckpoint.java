package io.rackmark.engine.pytorch;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.safetensors.SafetensorsDtype;
import io.rackmark.model.safetensors.SafetensorsWriter;
import io.rackmark.model.torchscript.ProgramWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A checkpoint of a few kilobytes with random weights, configuration and safetensors alone: no
 * tokenizer, since only the mathematics is looked at. All values are exact in bfloat16, so files of
 * every type hold the same model.
 */
final class TinyCheckpoint {
    static final int VOCABULARY = 96;

    /** The families, with what sets each apart. */
    enum Family {
        LLAMA("llama", "LlamaForCausalLM", ", \"tie_word_embeddings\": true"),
        LLAMA3_ROPE(
                "llama",
                "LlamaForCausalLM",
                ", \"rope_theta\": 10000.0, \"rope_scaling\": {\"rope_type\": \"llama3\","
                        + " \"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
                        + " \"original_max_position_embeddings\": 32}"),
        LLAMA_LINEAR_ROPE(
                "llama",
                "LlamaForCausalLM",
                ", \"rope_scaling\": {\"type\": \"linear\", \"factor\": 4.0}"),
        LLAMA_ALL_BIASES(
                "llama", "LlamaForCausalLM", ", \"attention_bias\": true, \"mlp_bias\": true"),
        MISTRAL("mistral", "MistralForCausalLM", ", \"sliding_window\": null"),
        QWEN2("qwen2", "Qwen2ForCausalLM", ", \"tie_word_embeddings\": true"),
        QWEN3("qwen3", "Qwen3ForCausalLM", ", \"head_dim\": 24");

        private final String type;
        private final String architecture;
        private final String extra;

        Family(String type, String architecture, String extra) {
            this.type = type;
            this.architecture = architecture;
            this.extra = extra;
        }
    }

    private TinyCheckpoint() {}

    /** One weight file. */
    static Path write(Path parent, Family family, SafetensorsDtype type) throws IOException {
        return write(parent, family, type, 1);
    }

    /** The same model over several weight files. */
    static Path write(Path parent, Family family, SafetensorsDtype type, int shards)
            throws IOException {
        Path directory = Files.createTempDirectory(parent, family + "-");
        Files.writeString(directory.resolve("config.json"), config(family));
        Map<String, float[]> weights = weights(directory);
        if (shards == 1) {
            write(directory.resolve("model.safetensors"), directory, weights, type);
            return directory;
        }
        List<String> names = new ArrayList<>(weights.keySet());
        Map<String, String> index = new LinkedHashMap<>();
        for (int shard = 0; shard < shards; shard++) {
            String file = "model-%05d-of-%05d.safetensors".formatted(shard + 1, shards);
            Map<String, float[]> part = new LinkedHashMap<>();
            for (int i = shard; i < names.size(); i += shards) {
                part.put(names.get(i), Objects.requireNonNull(weights.get(names.get(i))));
                index.put(names.get(i), file);
            }
            write(directory.resolve(file), directory, part, type);
        }
        Files.writeString(
                directory.resolve("model.safetensors.index.json"),
                index.entrySet().stream()
                        .map(e -> "\"%s\": \"%s\"".formatted(e.getKey(), e.getValue()))
                        .collect(Collectors.joining(", ", "{\"weight_map\": {", "}}")));
        return directory;
    }

    /** The first weight file of a checkpoint. */
    static Path weightFile(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Every weight by name; the same for every type and number of files. */
    static Map<String, float[]> weights(Path directory) {
        ModelConfig config = Checkpoint.readConfig(directory);
        Map<String, float[]> weights = new LinkedHashMap<>();
        Random random = new Random(11);
        for (ProgramWeights.Weight weight : ProgramWeights.of(config).all()) {
            float[] values = new float[elements(weight.shape())];
            boolean norm = weight.name().contains("norm");
            double scale =
                    norm
                            ? 0.1
                            : weight.name().contains("embed") ? 1 : 1 / Math.sqrt(config.hidden());
            for (int i = 0; i < values.length; i++) {
                double value = (norm ? 1 : 0) + scale * random.nextGaussian();
                values[i] =
                        Float.intBitsToFloat(Float.floatToRawIntBits((float) value) & 0xffff0000);
            }
            weights.put(weight.name(), values);
        }
        return weights;
    }

    /** All tensors of a checkpoint as floats. */
    static Map<String, float[]> decoded(CheckpointWeights weights) {
        Map<String, float[]> decoded = new LinkedHashMap<>();
        weights.tensors()
                .forEach(
                        (name, tensor) -> {
                            float[] values = new float[Math.toIntExact(tensor.elements())];
                            tensor.read(0, values.length, values);
                            decoded.put(name, values);
                        });
        return decoded;
    }

    private static int elements(List<Long> shape) {
        return Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    }

    private static void write(
            Path file, Path directory, Map<String, float[]> weights, SafetensorsDtype type)
            throws IOException {
        ModelConfig config = Checkpoint.readConfig(directory);
        List<SafetensorsWriter.Plan> plans =
                ProgramWeights.of(config).all().stream()
                        .filter(weight -> weights.containsKey(weight.name()))
                        .map(w -> new SafetensorsWriter.Plan(w.name(), type, w.shape()))
                        .toList();
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, plans)) {
            for (SafetensorsWriter.Plan plan : plans) {
                float[] values = Objects.requireNonNull(weights.get(plan.name()));
                writer.append(values, values.length);
            }
            writer.finish();
        }
    }

    private static String config(Family family) {
        return """
        {"model_type": "%s", "architectures": ["%s"], "vocab_size": %d, "hidden_size": 32,
         "intermediate_size": 56, "num_hidden_layers": 3, "num_attention_heads": 4,
         "num_key_value_heads": 2, "max_position_embeddings": 256, "rms_norm_eps": 1e-06,
         "torch_dtype": "bfloat16"%s}
        """
                .formatted(family.type, family.architecture, VOCABULARY, family.extra);
    }
}
