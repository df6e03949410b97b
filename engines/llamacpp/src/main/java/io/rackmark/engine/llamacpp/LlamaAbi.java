package io.rackmark.engine.llamacpp;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What differs between tags of llama.cpp: struct layouts, the functions of the KV cache and how
 * that cache behaves. Chosen by {@link AbiCheck}.
 */
sealed interface LlamaAbi permits AbiB4916, AbiB10573 {

    int GGML_TYPE_F32 = 0;
    int GGML_TYPE_F16 = 1;

    List<LlamaAbi> SUPPORTED = List.of(new AbiB4916(), new AbiB10573());

    static String supportedTags() {
        return SUPPORTED.stream().map(LlamaAbi::tags).collect(Collectors.joining(", "));
    }

    /** The tag whose llama.h was read, such as {@code b4916}. */
    String tag();

    /** The tags this covers, for people. */
    String tags();

    /** Whether llama.h of a numbered tag has this layout, as far as is known. */
    boolean covers(int build);

    /** Functions that libraries of other layouts lack. */
    List<String> requiredSymbols();

    /** {@code llama_model_params}. */
    ParamStruct modelParams();

    /** {@code llama_context_params}. */
    ParamStruct contextParams();

    /** {@code GGML_TYPE_COUNT}. */
    int tensorTypes();

    /** Whether a {@code ggml_backend_dev_type} is a GPU. */
    boolean isGpu(int deviceType);

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
     * @param batch most tokens in one llama_decode, computed at once
     * @param kvFloats 32-bit keys and values instead of 16-bit ones
     */
    record ContextSettings(
            int tokens,
            int batch,
            int sequences,
            int threads,
            boolean kvFloats,
            FlashAttention flashAttention) {

        int kvType() {
            return kvFloats ? GGML_TYPE_F32 : GGML_TYPE_F16;
        }
    }

    /** The KV cache of a context: its size, its behaviour, and operations on it. */
    interface KvCache {

        /** Cells a context needs so that each of its sequences can grow to its whole length. */
        int cells(int contextTokens, int sequences, int batch);

        /** Finds the cache's size in MiB, group 1, in a line that is logged when it is made. */
        Pattern sizeLogged();

        /** Whether an aborted llama_decode leaves the cells of other sequences as they were. */
        boolean abortSparesOtherSequences();

        /** Empties a sequence. */
        void clear(MemorySegment context, int sequence);

        /** Moves cells together before the next decode, where they can be apart. */
        void defragment(MemorySegment context);
    }
}
