package io.rackmark.model.convert;

import io.rackmark.engine.Precision;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.RopeScaling;
import io.rackmark.model.gguf.GgufValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** The metadata keys of a model in GGUF, by their names in the specification. */
final class GgufMetadata {
    /** {@code GGML_QNT_VERSION}. */
    private static final int QUANTIZATION_VERSION = 2;

    /** Says that the weights are random; nothing is said of others. */
    static final String SYNTHETIC = "rackmark.synthetic";

    private final Map<String, GgufValue> keys = new LinkedHashMap<>();
    private final String architecture;

    private GgufMetadata(String architecture) {
        this.architecture = architecture;
    }

    static Map<String, GgufValue> of(Checkpoint checkpoint, Precision precision) {
        ModelConfig config = checkpoint.config();
        GgufMetadata metadata = new GgufMetadata(GgufArchitecture.of(config).label());
        metadata.general(checkpoint.name(), precision);
        metadata.shape(config);
        metadata.rope(config);
        if (checkpoint.synthetic()) {
            metadata.keys.put(SYNTHETIC, GgufValue.bool(true));
        }
        metadata.keys.putAll(GgufVocabulary.of(checkpoint));
        return metadata.keys;
    }

    private void general(String name, Precision precision) {
        keys.put("general.architecture", GgufValue.text(architecture));
        keys.put("general.type", GgufValue.text("model"));
        keys.put("general.name", GgufValue.text(name));
        keys.put("general.file_type", GgufValue.uint32(fileType(precision)));
        keys.put("general.quantization_version", GgufValue.uint32(QUANTIZATION_VERSION));
    }

    /** {@code llama_ftype}. */
    private static int fileType(Precision precision) {
        return switch (precision) {
            case F32 -> 0;
            case F16 -> 1;
            case Q4_0 -> 2;
            case Q8_0 -> 7;
            case BF16 -> 32;
            case Q4_K_M -> 15;
            case INT8, INT4 -> throw GgufConverter.notInGguf(precision);
        };
    }

    private void shape(ModelConfig config) {
        count("vocab_size", config.vocabulary());
        count("context_length", config.contextTokens());
        count("embedding_length", config.hidden());
        count("block_count", config.layers());
        count("feed_forward_length", config.ffn());
        count("attention.head_count", config.heads());
        count("attention.head_count_kv", config.kvHeads());
        count("attention.key_length", config.headDim());
        count("attention.value_length", config.headDim());
        real("attention.layer_norm_rms_epsilon", config.rmsEpsilon());
    }

    private void rope(ModelConfig config) {
        count("rope.dimension_count", config.headDim());
        real("rope.freq_base", config.ropeTheta());
        if (config.ropeScaling() instanceof RopeScaling.Linear linear) {
            keys.put(architecture + ".rope.scaling.type", GgufValue.text("linear"));
            real("rope.scaling.factor", linear.factor());
        }
    }

    private void count(String key, long value) {
        keys.put(architecture + "." + key, GgufValue.uint32(value));
    }

    private void real(String key, double value) {
        keys.put(architecture + "." + key, GgufValue.float32(value));
    }
}
