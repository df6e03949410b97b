package io.rackmark.engine.llamacpp;

import java.util.Map;
import java.util.Set;

/**
 * Rules of the metadata that llama.cpp asserts, and so ends the process, rather than reports
 * (b4916: llama_model::load_hparams, llama_vocab::impl::load, ggml_compute_forward_rms_norm).
 */
final class GgufRules {
    private static final int MAX_LAYERS = 512; // LLAMA_MAX_LAYERS
    private static final int MAX_EXPERTS =
            256; // LLAMA_MAX_EXPERTS of b4916, the least of the supported tags
    private static final int MAX_WIDTH = 1 << 20;
    private static final Set<String> ROPE_SCALINGS = Set.of("none", "linear", "yarn", "longrope");

    private final GgufBytes in;
    private final Map<String, GgufValue> metadata;

    private GgufRules(GgufBytes in, Map<String, GgufValue> metadata) {
        this.in = in;
        this.metadata = metadata;
    }

    static void check(GgufBytes in, Map<String, GgufValue> metadata) {
        GgufRules rules = new GgufRules(in, metadata);
        rules.checkVocabulary();
        if (metadata.get("general.architecture") instanceof GgufValue.Text(String architecture)) {
            rules.checkModel(architecture + ".");
        } else {
            throw in.fault("it has no text general.architecture");
        }
    }

    private void checkVocabulary() {
        String prefix = "tokenizer.ggml.";
        if (!(metadata.get(prefix + "tokens") instanceof GgufValue.Array tokens)) {
            return; // llama.cpp reports it
        }
        if (tokens.type() != GgufValue.STRING || !tokens.distinct()) {
            throw in.fault("tokenizer.ggml.tokens are no texts or occur twice");
        }
        array(prefix + "scores", GgufValue.FLOAT32, tokens.length());
        array(prefix + "token_type", GgufValue.INT32, tokens.length());
        array(prefix + "merges", GgufValue.STRING, 0);
    }

    private void array(String key, long type, long atLeast) {
        GgufValue value = metadata.get(key);
        boolean sound =
                value == null
                        || (value instanceof GgufValue.Array array
                                && array.type() == type
                                && array.length() >= atLeast);
        if (!sound) {
            throw in.fault(
                    "'%s' is not an array of type %d with at least %d elements"
                            .formatted(key, type, atLeast));
        }
    }

    private void checkModel(String prefix) {
        number(prefix + "block_count", 1, MAX_LAYERS);
        number(prefix + "embedding_length", 1, MAX_WIDTH);
        number(prefix + "context_length", 1, Integer.MAX_VALUE);
        number(prefix + "attention.head_count", 1, MAX_WIDTH);
        number(prefix + "attention.head_count_kv", 1, MAX_WIDTH);
        number(prefix + "attention.key_length", 1, MAX_WIDTH);
        number(prefix + "attention.value_length", 1, MAX_WIDTH);
        number(prefix + "attention.layer_norm_rms_epsilon", 0, 1);
        number(prefix + "attention.layer_norm_epsilon", 0, 1);
        checkExperts(prefix);
        if (metadata.get(prefix + "rope.scaling.type") instanceof GgufValue.Text(String scaling)
                && !ROPE_SCALINGS.contains(scaling)) {
            throw in.fault("rope.scaling.type '%s' is unknown".formatted(scaling));
        }
    }

    private void checkExperts(String prefix) {
        double experts = number(prefix + "expert_count", 0, MAX_EXPERTS);
        double used = number(prefix + "expert_used_count", 0, MAX_EXPERTS);
        if (used > experts || (experts > 0 && used == 0)) {
            throw in.fault("%.0f of %.0f experts are used".formatted(used, experts));
        }
    }

    /** The value, or 0 when the key is absent or an array. */
    private double number(String key, double least, double most) {
        return switch (metadata.get(key)) {
            case GgufValue.Numeric(long type, double value) -> {
                if (!(value >= least && value <= most)) {
                    throw in.fault(
                            "'%s' is %s, allowed are %.0f to %.0f"
                                    .formatted(key, value, least, most));
                }
                yield value;
            }
            case GgufValue.Array(long type, long length, boolean distinct) -> {
                // Read as integers, asserted to be such.
                if (type != GgufValue.UINT32 && type != GgufValue.INT32) {
                    throw in.fault("'%s' is an array of type %d".formatted(key, type));
                }
                yield 0;
            }
            case null, default -> 0;
        };
    }
}
