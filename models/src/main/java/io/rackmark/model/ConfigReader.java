package io.rackmark.model;

import io.rackmark.model.ModelException.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Reads {@code config.json} and {@code generation_config.json} into a {@link ModelConfig}. */
final class ConfigReader {
    private static final long MAX_BYTES = 4 << 20;
    private static final int MAX_SIZE = 1 << 24;
    private static final Map<String, String> FAMILIES =
            Map.of(
                    "llama", "LlamaForCausalLM",
                    "mistral", "MistralForCausalLM",
                    "qwen2", "Qwen2ForCausalLM",
                    "qwen3", "Qwen3ForCausalLM");
    private static final Map<String, String> OTHER_FAMILIES =
            Map.of(
                    "gpt2", "GPT-2",
                    "gemma2", "Gemma 2",
                    "gemma3_text", "Gemma 3",
                    "phi3", "Phi-3");

    private final Path file;
    private final JsonNode config;
    private final JsonNode generation;

    private ConfigReader(Path directory) {
        file = directory.resolve("config.json");
        config = JsonFile.read(file, MAX_BYTES);
        generation =
                JsonFile.readIfPresent(directory.resolve("generation_config.json"), MAX_BYTES)
                        .orElse(MissingNode.getInstance());
    }

    /** Whether the configuration says that the weights are random. */
    static boolean synthetic(Path directory) {
        return JsonFile.read(directory.resolve("config.json"), MAX_BYTES)
                .path(Checkpoint.SYNTHETIC)
                .asBoolean(false);
    }

    static ModelConfig read(Path directory) {
        return new ConfigReader(directory).read();
    }

    private ModelConfig read() {
        String family = config.path("model_type").asString("unknown");
        String architecture = config.path("architectures").path(0).asString("unknown");
        requireFamily(family, architecture);
        requireValue("hidden_act", config.path("hidden_act").asString("silu"), "silu");
        boolean attentionBias = config.path("attention_bias").asBoolean(false);
        int hidden = size("hidden_size");
        int heads = size("num_attention_heads");
        int kvHeads = config.has("num_key_value_heads") ? size("num_key_value_heads") : heads;
        int headDim = config.path("head_dim").isNumber() ? size("head_dim") : hidden / heads;
        if (heads % kvHeads != 0) {
            throw wrong(
                    "num_key_value_heads",
                    "a divisor of num_attention_heads " + heads,
                    String.valueOf(kvHeads));
        }
        if (headDim == 0 || headDim % 2 != 0) {
            throw wrong("head_dim", "an even number", String.valueOf(headDim));
        }
        return new ModelConfig(
                family,
                architecture,
                size("num_hidden_layers"),
                hidden,
                heads,
                kvHeads,
                headDim,
                size("intermediate_size"),
                size("vocab_size"),
                Math.min(size("max_position_embeddings"), window(family)),
                positive("rms_norm_eps", config.path("rms_norm_eps"), 1e-6),
                ropeTheta(),
                ropeScaling(),
                config.path("tie_word_embeddings").asBoolean(false),
                family.equals("qwen2") || attentionBias,
                attentionBias,
                family.equals("qwen3"),
                config.path("mlp_bias").asBoolean(false),
                config.path("torch_dtype").asString(config.path("dtype").asString("unknown")),
                id("bos_token_id"),
                ids("eos_token_id"),
                id("pad_token_id"));
    }

    private void requireFamily(String family, String architecture) {
        if (FAMILIES.containsKey(family)
                && FAMILIES.containsValue(architecture)
                && !architecture.equals(FAMILIES.get(family))) {
            throw wrong(
                    "architectures",
                    FAMILIES.get(family) + " for model_type " + family,
                    architecture);
        }
        if (!architecture.equals(FAMILIES.get(family))) {
            throw new ModelException(
                    Kind.UNSUPPORTED,
                    "%s: a %s model (%s) is not supported yet; supported: %s"
                            .formatted(
                                    file,
                                    OTHER_FAMILIES.getOrDefault(family, family),
                                    architecture,
                                    FAMILIES.keySet().stream()
                                            .sorted()
                                            .collect(Collectors.joining(", "))));
        }
    }

    /** Most tokens that attention reaches back; Qwen names a window that is off by default. */
    private int window(String family) {
        boolean on = config.path("use_sliding_window").asBoolean(!family.startsWith("qwen"));
        return on && config.path("sliding_window").isInt() ? size("sliding_window") : MAX_SIZE;
    }

    /** Newer configurations nest the base and the scaling under {@code rope_parameters}. */
    private double ropeTheta() {
        JsonNode nested = config.path("rope_parameters").path("rope_theta");
        return positive("rope_theta", nested.isNumber() ? nested : config.path("rope_theta"), 1e4);
    }

    private RopeScaling ropeScaling() {
        JsonNode scaling =
                config.path("rope_parameters").isObject()
                        ? config.path("rope_parameters")
                        : config.path("rope_scaling");
        if (!scaling.isObject()) {
            return new RopeScaling.None();
        }
        String type = scaling.path("rope_type").asString(scaling.path("type").asString("default"));
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(scalingValue(scaling, "factor"));
            case "llama3" ->
                    new RopeScaling.Llama3(
                            scalingValue(scaling, "factor"),
                            scalingValue(scaling, "low_freq_factor"),
                            scalingValue(scaling, "high_freq_factor"),
                            (int) scalingValue(scaling, "original_max_position_embeddings"));
            default -> throw wrong("rope_scaling type", "default, linear or llama3", type);
        };
    }

    private double scalingValue(JsonNode scaling, String key) {
        return positive("rope_scaling." + key, scaling.path(key), Double.NaN);
    }

    private double positive(String key, JsonNode node, double fallback) {
        double value = node.isNumber() ? node.asDouble() : fallback;
        if (!(value > 0) || value > 1e12) {
            throw wrong(key, "a positive number", node.toString());
        }
        return value;
    }

    private int size(String key) {
        JsonNode node = config.path(key);
        if (!node.isInt() || node.asInt() < 1 || node.asInt() > MAX_SIZE) {
            throw wrong(
                    key,
                    "a whole number from 1 to " + MAX_SIZE,
                    node.isMissingNode() ? "nothing" : node.toString());
        }
        return node.asInt();
    }

    private OptionalInt id(String key) {
        List<Integer> ids = ids(key);
        return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.getFirst());
    }

    private List<Integer> ids(String key) {
        JsonNode node = generation.has(key) ? generation.path(key) : config.path(key);
        List<Integer> ids = new ArrayList<>();
        for (JsonNode one : node.isArray() ? node.values() : List.of(node)) {
            if (one.isInt()) {
                ids.add(one.asInt());
            } else if (!one.isNull() && !one.isMissingNode()) {
                throw wrong(key, "a token id", one.toString());
            }
        }
        return ids;
    }

    private void requireValue(String key, String found, String supported) {
        if (!found.equals(supported)) {
            throw new ModelException(
                    Kind.UNSUPPORTED,
                    "%s: %s '%s' is not supported; supported: %s"
                            .formatted(file, key, found, supported));
        }
    }

    private ModelException wrong(String key, String expected, String found) {
        return new ModelException(
                Kind.DAMAGED, "%s: %s must be %s, found %s".formatted(file, key, expected, found));
    }
}
