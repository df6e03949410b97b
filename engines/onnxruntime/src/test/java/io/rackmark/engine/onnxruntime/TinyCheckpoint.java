package io.rackmark.engine.onnxruntime;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.safetensors.SafetensorsDtype;
import io.rackmark.model.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes checkpoints with seeded random weights, small enough to be computed in plain Java. The
 * hidden width is no multiple of 32, so that quantised rows have a last block that is not full.
 *
 * @param dtype of the weights
 * @param shards weight files
 * @param rounding applied to the matrices of the layers and to the output matrix, row by row
 */
record TinyCheckpoint(Family family, SafetensorsDtype dtype, int shards, Rounding rounding) {
    static final int VOCABULARY = 96;
    static final int CONTEXT = 128;
    static final int HIDDEN = 48;
    static final int FFN = 80;
    static final int LAYERS = 2;

    /** Changes a row of a matrix before it is written. */
    interface Rounding {
        Rounding NONE = _ -> {};

        void apply(float[] row);
    }

    /** What sets the model families apart. */
    enum Family {
        LLAMA("llama", "LlamaForCausalLM", 4, 2, 16, "\"tie_word_embeddings\": false"),
        LLAMA_LINEAR(
                "llama",
                "LlamaForCausalLM",
                3,
                3,
                16,
                "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 4.0},"
                        + " \"tie_word_embeddings\": true"),
        LLAMA3(
                "llama",
                "LlamaForCausalLM",
                6,
                2,
                32,
                "\"rope_theta\": 500000.0, \"rope_scaling\": {\"rope_type\": \"llama3\","
                    + " \"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
                    + " \"original_max_position_embeddings\": 32}, \"tie_word_embeddings\": true"),
        LLAMA_BIASES(
                "llama",
                "LlamaForCausalLM",
                4,
                2,
                16,
                "\"attention_bias\": true, \"mlp_bias\": true, \"tie_word_embeddings\": false"),
        MISTRAL("mistral", "MistralForCausalLM", 4, 1, 16, "\"tie_word_embeddings\": false"),
        QWEN2("qwen2", "Qwen2ForCausalLM", 4, 2, 16, "\"tie_word_embeddings\": true"),
        QWEN3("qwen3", "Qwen3ForCausalLM", 4, 2, 32, "\"tie_word_embeddings\": true");

        private final String type;
        private final String architecture;
        private final int heads;
        private final int kvHeads;
        private final int headDim;
        private final String more;

        Family(String type, String architecture, int heads, int kvHeads, int headDim, String more) {
            this.type = type;
            this.architecture = architecture;
            this.heads = heads;
            this.kvHeads = kvHeads;
            this.headDim = headDim;
            this.more = more;
        }
    }

    static TinyCheckpoint of(Family family) {
        return new TinyCheckpoint(family, SafetensorsDtype.F32, 1, Rounding.NONE);
    }

    TinyCheckpoint with(SafetensorsDtype other, int files) {
        return new TinyCheckpoint(family, other, files, rounding);
    }

    TinyCheckpoint with(Rounding other) {
        return new TinyCheckpoint(family, dtype, shards, other);
    }

    /** Writes all files into a directory, which is made. */
    Checkpoint write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), config());
        Files.writeString(directory.resolve("tokenizer.json"), tokenizer());
        weights(directory);
        return Checkpoint.read(directory);
    }

    private String config() {
        return """
        {"architectures": ["%s"], "model_type": "%s", "hidden_size": %d, "intermediate_size": %d,
         "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d,
         "head_dim": %d, "vocab_size": %d, "max_position_embeddings": %d, "rms_norm_eps": 1e-5,
         %s}
        """
                .formatted(
                        family.architecture,
                        family.type,
                        HIDDEN,
                        FFN,
                        LAYERS,
                        family.heads,
                        family.kvHeads,
                        family.headDim,
                        VOCABULARY,
                        CONTEXT,
                        family.more);
    }

    private static String tokenizer() {
        String vocabulary =
                IntStream.range(0, VOCABULARY)
                        .mapToObj(id -> "\"t%d\": %d".formatted(id, id))
                        .collect(Collectors.joining(", "));
        return """
        {"pre_tokenizer": {"type": "ByteLevel"}, "decoder": {"type": "ByteLevel"},
         "model": {"type": "BPE", "merges": [], "vocab": {%s}}}
        """
                .formatted(vocabulary);
    }

    private Map<String, List<Long>> tensors() {
        Map<String, List<Long>> tensors = new LinkedHashMap<>();
        long hidden = HIDDEN;
        long vocabulary = VOCABULARY;
        tensors.put("model.embed_tokens.weight", List.of(vocabulary, hidden));
        for (int i = 0; i < LAYERS; i++) {
            layer("model.layers." + i + ".", tensors);
        }
        tensors.put("model.norm.weight", List.of(hidden));
        if (family.more.contains("\"tie_word_embeddings\": false")) {
            tensors.put("lm_head.weight", List.of(vocabulary, hidden));
        }
        return tensors;
    }

    private void layer(String layer, Map<String, List<Long>> tensors) {
        long hidden = HIDDEN;
        long query = (long) family.heads * family.headDim;
        long keyValue = (long) family.kvHeads * family.headDim;
        boolean attentionBias = family.more.contains("attention_bias");
        boolean queryBias = attentionBias || family.type.equals("qwen2");
        boolean mlpBias = family.more.contains("mlp_bias");
        tensors.put(layer + "input_layernorm.weight", List.of(hidden));
        projection(layer + "self_attn.q_proj", query, hidden, queryBias, tensors);
        projection(layer + "self_attn.k_proj", keyValue, hidden, queryBias, tensors);
        projection(layer + "self_attn.v_proj", keyValue, hidden, queryBias, tensors);
        projection(layer + "self_attn.o_proj", hidden, query, attentionBias, tensors);
        if (family.type.equals("qwen3")) {
            tensors.put(layer + "self_attn.q_norm.weight", List.of((long) family.headDim));
            tensors.put(layer + "self_attn.k_norm.weight", List.of((long) family.headDim));
        }
        tensors.put(layer + "post_attention_layernorm.weight", List.of(hidden));
        projection(layer + "mlp.gate_proj", FFN, hidden, mlpBias, tensors);
        projection(layer + "mlp.up_proj", FFN, hidden, mlpBias, tensors);
        projection(layer + "mlp.down_proj", hidden, FFN, mlpBias, tensors);
    }

    private static void projection(
            String name, long rows, long columns, boolean bias, Map<String, List<Long>> tensors) {
        tensors.put(name + ".weight", List.of(rows, columns));
        if (bias) {
            tensors.put(name + ".bias", List.of(rows));
        }
    }

    private void weights(Path directory) throws IOException {
        List<Map.Entry<String, List<Long>>> all = new ArrayList<>(tensors().entrySet());
        List<String> map = new ArrayList<>();
        int perFile = Math.ceilDiv(all.size(), shards);
        Random random = new Random(7);
        for (int shard = 0; shard < shards; shard++) {
            String name =
                    shards == 1
                            ? "model.safetensors"
                            : "model-%05d-of-%05d.safetensors".formatted(shard + 1, shards);
            List<Map.Entry<String, List<Long>>> part =
                    all.subList(shard * perFile, Math.min(all.size(), (shard + 1) * perFile));
            part.forEach(tensor -> map.add("\"%s\": \"%s\"".formatted(tensor.getKey(), name)));
            write(directory.resolve(name), part, random);
        }
        if (shards > 1) {
            Files.writeString(
                    directory.resolve("model.safetensors.index.json"),
                    "{\"weight_map\": {%s}}".formatted(String.join(", ", map)));
        }
    }

    private void write(Path file, List<Map.Entry<String, List<Long>>> tensors, Random random)
            throws IOException {
        List<SafetensorsWriter.Plan> plans =
                tensors.stream()
                        .map(t -> new SafetensorsWriter.Plan(t.getKey(), dtype, t.getValue()))
                        .toList();
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, plans)) {
            for (SafetensorsWriter.Plan plan : plans) {
                float[] row = new float[plan.shape().getLast().intValue()];
                for (long r = 0; r < plan.elements() / row.length; r++) {
                    fill(plan, row, random);
                    writer.append(row, row.length);
                }
            }
            writer.finish();
        }
    }

    private void fill(SafetensorsWriter.Plan plan, float[] row, Random random) {
        boolean matrix = plan.shape().size() == 2;
        boolean norm = plan.name().contains("norm");
        for (int i = 0; i < row.length; i++) {
            double value = random.nextGaussian();
            row[i] =
                    (float)
                            (norm
                                    ? 1 + value / 10
                                    : matrix ? value / Math.sqrt(row.length) : value / 10);
        }
        if (matrix && !plan.name().contains("embed_tokens")) {
            rounding.apply(row);
        }
    }
}
