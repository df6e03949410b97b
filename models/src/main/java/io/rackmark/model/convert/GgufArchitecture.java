package io.rackmark.model.convert;

import io.rackmark.model.ModelConfig;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.RopeScaling;

/** {@code general.architecture}: llama.cpp's name for a family, and what that family can hold. */
enum GgufArchitecture {
    /** Llama and Mistral: the rotary embedding turns neighbouring rows of a head. */
    LLAMA("llama", true),
    /** The rotary embedding turns the two halves of a head, as checkpoints hold them. */
    QWEN2("qwen2", false),
    QWEN3("qwen3", false);

    private final String label;
    private final boolean interleaved;

    GgufArchitecture(String label, boolean interleaved) {
        this.label = label;
        this.interleaved = interleaved;
    }

    /**
     * The architecture of this model.
     *
     * @throws ModelException when llama.cpp has no place for something the configuration asks for
     */
    static GgufArchitecture of(ModelConfig config) {
        GgufArchitecture architecture =
                switch (config.family()) {
                    case "llama", "mistral" -> LLAMA;
                    case "qwen2" -> QWEN2;
                    case "qwen3" -> QWEN3;
                    default -> throw noPlace("a model of family", config.family());
                };
        architecture.requirePlace(config);
        return architecture;
    }

    String label() {
        return label;
    }

    /** Whether rows of query and key heads change places. */
    boolean interleaved() {
        return interleaved;
    }

    private void requirePlace(ModelConfig config) {
        if (this == LLAMA) {
            return;
        }
        if (config.ropeScaling() instanceof RopeScaling.Llama3) {
            throw noPlace("rope_scaling llama3 in a model of family", config.family());
        }
        if (config.outputBias()
                || config.mlpBias()
                || (this == QWEN3 && config.queryKeyValueBias())) {
            throw noPlace("attention_bias or mlp_bias in a model of family", config.family());
        }
        if (this == QWEN2 && config.queryWidth() != config.hidden()) {
            throw noPlace(
                    "heads that are not hidden_size wide in all in a model of family",
                    config.family());
        }
    }

    private static ModelException noPlace(String what, String family) {
        return new ModelException(
                Kind.UNSUPPORTED,
                "cannot convert to GGUF: it has no place for %s %s; run this model on another engine"
                        .formatted(what, family));
    }
}
