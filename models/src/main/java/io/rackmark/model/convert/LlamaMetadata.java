package io.rackmark.model.convert;

import io.rackmark.engine.Precision;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.RopeScaling;
import io.rackmark.model.TokenizerSpec;
import io.rackmark.model.TokenizerSpec.Role;
import io.rackmark.model.TokenizerSpec.Token;
import io.rackmark.model.gguf.GgufValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The metadata keys of a Llama model in GGUF, by their names in the specification. */
final class LlamaMetadata {
    /** {@code GGML_QNT_VERSION}. */
    private static final int QUANTIZATION_VERSION = 2;

    private final Map<String, GgufValue> keys = new LinkedHashMap<>();

    private LlamaMetadata() {}

    static Map<String, GgufValue> of(Checkpoint checkpoint, Precision precision) {
        LlamaMetadata metadata = new LlamaMetadata();
        metadata.general(checkpoint.name(), precision);
        metadata.shape(checkpoint.config());
        metadata.rope(checkpoint.config());
        metadata.tokenizer(checkpoint);
        return metadata.keys;
    }

    private void general(String name, Precision precision) {
        keys.put("general.architecture", GgufValue.text("llama"));
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
        keys.put("llama.vocab_size", GgufValue.uint32(config.vocabulary()));
        keys.put("llama.context_length", GgufValue.uint32(config.contextTokens()));
        keys.put("llama.embedding_length", GgufValue.uint32(config.hidden()));
        keys.put("llama.block_count", GgufValue.uint32(config.layers()));
        keys.put("llama.feed_forward_length", GgufValue.uint32(config.ffn()));
        keys.put("llama.attention.head_count", GgufValue.uint32(config.heads()));
        keys.put("llama.attention.head_count_kv", GgufValue.uint32(config.kvHeads()));
        keys.put("llama.attention.key_length", GgufValue.uint32(config.headDim()));
        keys.put("llama.attention.value_length", GgufValue.uint32(config.headDim()));
        keys.put("llama.attention.layer_norm_rms_epsilon", GgufValue.float32(config.rmsEpsilon()));
    }

    private void rope(ModelConfig config) {
        keys.put("llama.rope.dimension_count", GgufValue.uint32(config.headDim()));
        keys.put("llama.rope.freq_base", GgufValue.float32(config.ropeTheta()));
        if (config.ropeScaling() instanceof RopeScaling.Linear linear) {
            keys.put("llama.rope.scaling.type", GgufValue.text("linear"));
            keys.put("llama.rope.scaling.factor", GgufValue.float32(linear.factor()));
        }
    }

    private void tokenizer(Checkpoint checkpoint) {
        TokenizerSpec tokenizer = checkpoint.tokenizer();
        List<String> texts = new ArrayList<>();
        List<Integer> types = new ArrayList<>();
        for (int id = 0; id < checkpoint.config().vocabulary(); id++) {
            // The embedding matrix may have more rows than the tokenizer has tokens.
            Token token =
                    id < tokenizer.tokens().size()
                            ? tokenizer.tokens().get(id)
                            : new Token("[PAD" + id + "]", Role.UNUSED);
            texts.add(token.text());
            types.add(tokenType(token.role()));
        }
        keys.put("tokenizer.ggml.model", GgufValue.text("gpt2"));
        keys.put("tokenizer.ggml.pre", GgufValue.text(PreTokenizers.name(tokenizer)));
        keys.put("tokenizer.ggml.tokens", GgufValue.texts(texts));
        keys.put("tokenizer.ggml.token_type", GgufValue.int32s(types));
        keys.put("tokenizer.ggml.merges", GgufValue.texts(tokenizer.merges()));
        ModelConfig config = checkpoint.config();
        putId("bos", tokenizer.bosId().isPresent() ? tokenizer.bosId() : config.bosId());
        putId("eos", tokenizer.eosId().isPresent() ? tokenizer.eosId() : firstEos(config));
        putId("padding", tokenizer.padId().isPresent() ? tokenizer.padId() : config.padId());
        putId("unknown", tokenizer.unkId());
        keys.put("tokenizer.ggml.add_bos_token", GgufValue.bool(tokenizer.addBos()));
        keys.put("tokenizer.ggml.add_eos_token", GgufValue.bool(tokenizer.addEos()));
        checkpoint
                .chatTemplate()
                .ifPresent(text -> keys.put("tokenizer.chat_template", GgufValue.text(text)));
    }

    private static OptionalInt firstEos(ModelConfig config) {
        return config.eosIds().stream().mapToInt(Integer::intValue).findFirst();
    }

    private void putId(String role, OptionalInt id) {
        if (id.isPresent()) {
            keys.put("tokenizer.ggml." + role + "_token_id", GgufValue.uint32(id.getAsInt()));
        }
    }

    /** {@code llama_token_type}. */
    private static int tokenType(Role role) {
        return switch (role) {
            case NORMAL -> 1;
            case SPECIAL -> 3;
            case ADDED -> 4;
            case UNUSED -> 5;
        };
    }
}
