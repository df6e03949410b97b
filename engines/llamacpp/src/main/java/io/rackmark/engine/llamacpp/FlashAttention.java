package io.rackmark.engine.llamacpp;

import io.rackmark.engine.EngineException;

/** Whether attention is computed by one fused kernel. */
enum FlashAttention {
    /** llama.cpp's own default for its tag. */
    AUTO,
    ON,
    OFF;

    /**
     * The choice for a cache of keys and values. The kernel works on 16 bits: given 32, b4916 ends
     * the process (ggml_compute_forward_flash_attn_ext_f16) and later tags round them
     * (llm_graph_context::build_attn_mha), a thousand times the error of everything else.
     */
    FlashAttention with(boolean kvFloats) {
        if (kvFloats && this == ON) {
            throw new EngineException(
                    EngineException.Kind.BAD_OPTION,
                    "engine llamacpp: option 'flash-attention' on computes in 16 bits and the keys"
                            + " and values have 32; set kv-type to f16");
        }
        return kvFloats ? OFF : this;
    }
}
