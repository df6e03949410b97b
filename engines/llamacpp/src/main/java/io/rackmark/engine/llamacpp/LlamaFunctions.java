package io.rackmark.engine.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/** The functions of include/llama.h and include/ggml-backend.h that the engine calls. */
final class LlamaFunctions {

    /** {@code llama_batch}, the same in all supported tags. */
    static final StructLayout BATCH =
            MemoryLayout.structLayout(
                    JAVA_INT.withName("n_tokens"),
                    MemoryLayout.paddingLayout(4),
                    ADDRESS.withName("token"),
                    ADDRESS.withName("embd"),
                    ADDRESS.withName("pos"),
                    ADDRESS.withName("n_seq_id"),
                    ADDRESS.withName("seq_id"),
                    ADDRESS.withName("logits"));

    /** Vocabulary, text and its bytes, ids and their room, add_special, parse_special. */
    private static final FunctionDescriptor TOKENIZE =
            FunctionDescriptor.of(
                    JAVA_INT,
                    ADDRESS,
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS,
                    JAVA_INT,
                    JAVA_BOOLEAN,
                    JAVA_BOOLEAN);

    final NativeFunction backendInit;
    final NativeFunction contextDefaults;
    final NativeFunction contextFree;
    final NativeFunction contextInit;
    final NativeFunction contextTokens;
    final NativeFunction deviceCount;
    final NativeFunction deviceDescription;
    final NativeFunction deviceGet;
    final NativeFunction deviceName;
    final NativeFunction deviceType;
    final NativeFunction logSet;
    final NativeFunction modelDefaults;
    final NativeFunction modelFree;
    final NativeFunction modelHeads;
    final NativeFunction modelKvHeads;
    final NativeFunction modelLayers;
    final NativeFunction modelLoad;
    final NativeFunction modelSize;
    final NativeFunction modelTrainedContext;
    final NativeFunction modelVocabulary;
    final NativeFunction modelWidth;
    final NativeFunction setAbort;
    final NativeFunction supportsGpu;
    final NativeFunction systemInfo;
    final NativeFunction tokenize;
    final NativeFunction typeBlock;
    final NativeFunction typeSize;
    final NativeFunction vocabularySize;

    private final MethodHandle decode;
    private final MethodHandle logits;

    LlamaFunctions(NativeSymbols symbols, LlamaAbi abi) {
        FunctionDescriptor intOfPointer = FunctionDescriptor.of(JAVA_INT, ADDRESS);
        FunctionDescriptor textOfPointer = FunctionDescriptor.of(ADDRESS, ADDRESS);
        FunctionDescriptor free = FunctionDescriptor.ofVoid(ADDRESS);
        backendInit = symbols.function("llama_backend_init", FunctionDescriptor.ofVoid());
        contextDefaults =
                symbols.function(
                        "llama_context_default_params",
                        FunctionDescriptor.of(abi.contextParams().layout()));
        contextFree = symbols.function("llama_free", free);
        contextInit =
                symbols.function(
                        "llama_init_from_model",
                        FunctionDescriptor.of(ADDRESS, ADDRESS, abi.contextParams().layout()));
        contextTokens = symbols.function("llama_n_ctx", intOfPointer);
        deviceCount = symbols.function("ggml_backend_dev_count", FunctionDescriptor.of(JAVA_LONG));
        deviceDescription = symbols.function("ggml_backend_dev_description", textOfPointer);
        deviceGet =
                symbols.function("ggml_backend_dev_get", FunctionDescriptor.of(ADDRESS, JAVA_LONG));
        deviceName = symbols.function("ggml_backend_dev_name", textOfPointer);
        deviceType = symbols.function("ggml_backend_dev_type", intOfPointer);
        logSet = symbols.function("llama_log_set", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
        modelDefaults =
                symbols.function(
                        "llama_model_default_params",
                        FunctionDescriptor.of(abi.modelParams().layout()));
        modelFree = symbols.function("llama_model_free", free);
        modelHeads = symbols.function("llama_model_n_head", intOfPointer);
        modelKvHeads = symbols.function("llama_model_n_head_kv", intOfPointer);
        modelLayers = symbols.function("llama_model_n_layer", intOfPointer);
        modelLoad =
                symbols.function(
                        "llama_model_load_from_file",
                        FunctionDescriptor.of(ADDRESS, ADDRESS, abi.modelParams().layout()));
        modelSize = symbols.function("llama_model_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        modelTrainedContext = symbols.function("llama_model_n_ctx_train", intOfPointer);
        modelVocabulary = symbols.function("llama_model_get_vocab", textOfPointer);
        modelWidth = symbols.function("llama_model_n_embd", intOfPointer);
        setAbort =
                symbols.function(
                        "llama_set_abort_callback",
                        FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS));
        supportsGpu =
                symbols.function("llama_supports_gpu_offload", FunctionDescriptor.of(JAVA_BOOLEAN));
        systemInfo = symbols.function("llama_print_system_info", FunctionDescriptor.of(ADDRESS));
        tokenize = symbols.function("llama_tokenize", TOKENIZE);
        typeBlock = symbols.function("ggml_blck_size", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
        typeSize = symbols.function("ggml_type_size", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
        vocabularySize = symbols.function("llama_vocab_n_tokens", intOfPointer);
        decode = symbols.handle("llama_decode", FunctionDescriptor.of(JAVA_INT, ADDRESS, BATCH));
        logits =
                symbols.handle(
                        "llama_get_logits_ith", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
    }

    /** Computes a batch; 0 is success. */
    int decode(MemorySegment context, MemorySegment batch) {
        try {
            return (int) decode.invokeExact(context, batch);
        } catch (Throwable e) {
            throw NativeFunction.failure("llama_decode", e);
        }
    }

    /**
     * Waits for the computation and gives the logits of a batch entry that asked for them.
     *
     * @return [vocabulary] floats, valid until the next decode; NULL for any other entry
     */
    MemorySegment logits(MemorySegment context, int entry) {
        try {
            return (MemorySegment) logits.invokeExact(context, entry);
        } catch (Throwable e) {
            throw NativeFunction.failure("llama_get_logits_ith", e);
        }
    }
}
