package io.rackmark.engine.llamacpp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What differs between tags of llama.cpp: struct layouts and the functions of the KV cache. Chosen
 * by {@link AbiCheck}.
 */
sealed interface LlamaAbi permits AbiB4916 {

    List<LlamaAbi> SUPPORTED = List.of(new AbiB4916());

    static String supportedTags() {
        return SUPPORTED.stream().map(LlamaAbi::tag).collect(Collectors.joining(", "));
    }

    /** Such as {@code b4916}. */
    String tag();

    /** {@code llama_model_params}. */
    StructLayout modelParams();

    /** {@code llama_context_params}. */
    StructLayout contextParams();

    /** {@code GGML_TYPE_COUNT}. */
    int tensorTypes();

    /**
     * Fields of default parameters that do not hold this tag's defaults.
     *
     * @param model {@code llama_model_params} as the library fills it
     * @param context {@code llama_context_params} as the library fills it
     */
    List<String> unexpectedDefaults(MemorySegment model, MemorySegment context);

    void setModel(MemorySegment params, ModelSettings settings);

    void setContext(MemorySegment params, ContextSettings settings);

    KvCache kvCache(NativeSymbols symbols);

    /**
     * @param devices NULL-terminated {@code ggml_backend_dev_t[]}; an empty one keeps all on the
     *     CPU
     * @param gpuLayers layers kept in device memory
     */
    record ModelSettings(MemorySegment devices, int gpuLayers, boolean mmap) {}

    /**
     * @param tokens KV cells for all sequences together
     * @param batch most tokens in one llama_decode
     * @param ubatch most tokens computed at once
     * @param kvFloats 32-bit keys and values instead of 16-bit ones
     */
    record ContextSettings(
            int tokens, int batch, int ubatch, int sequences, int threads, boolean kvFloats) {}

    /** Operations on the KV cache of a context. */
    interface KvCache {

        /** Empties a sequence. */
        void clear(MemorySegment context, int sequence);

        /** Moves cells together before the next decode. */
        void defragment(MemorySegment context);
    }
}
