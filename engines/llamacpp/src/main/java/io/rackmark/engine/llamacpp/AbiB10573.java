package io.rackmark.engine.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * llama.cpp b10573, include/llama.h: struct sizes 72 and 160 bytes on 64-bit machines. The file is
 * the same from b10394, which brought llama_version.
 */
final class AbiB10573 implements LlamaAbi {
    private static final int FIRST_BUILD = 10_394;
    private static final String MEMORY = "llama_get_memory";
    private static final String REMOVE = "llama_memory_seq_rm";

    /** {@code GGML_BACKEND_DEVICE_TYPE_GPU} and {@code ..._IGPU}. */
    private static final int GPU = 1;

    private static final int INTEGRATED_GPU = 2;

    private static final int LOAD_MODE_NONE = 0;
    private static final int LOAD_MODE_MMAP = 1;

    private static final StructLayout MODEL_LAYOUT =
            MemoryLayout.structLayout(
                    ADDRESS.withName("devices"),
                    ADDRESS.withName("tensor_buft_overrides"),
                    JAVA_INT.withName("n_gpu_layers"),
                    JAVA_INT.withName("split_mode"),
                    JAVA_INT.withName("load_mode"),
                    JAVA_INT.withName("main_gpu"),
                    ADDRESS.withName("tensor_split"),
                    ADDRESS.withName("progress_callback"),
                    ADDRESS.withName("progress_callback_user_data"),
                    ADDRESS.withName("kv_overrides"),
                    JAVA_BOOLEAN.withName("vocab_only"),
                    JAVA_BOOLEAN.withName("check_tensors"),
                    JAVA_BOOLEAN.withName("use_extra_bufts"),
                    JAVA_BOOLEAN.withName("no_host"),
                    JAVA_BOOLEAN.withName("no_alloc"),
                    JAVA_BOOLEAN.withName("load_mtp"),
                    MemoryLayout.paddingLayout(2));

    private static final StructLayout CONTEXT_LAYOUT =
            MemoryLayout.structLayout(
                    JAVA_INT.withName("n_ctx"),
                    JAVA_INT.withName("n_batch"),
                    JAVA_INT.withName("n_ubatch"),
                    JAVA_INT.withName("n_seq_max"),
                    JAVA_INT.withName("n_rs_seq"),
                    JAVA_INT.withName("n_outputs_max"),
                    JAVA_INT.withName("n_outputs_max_per_seq"),
                    JAVA_INT.withName("n_threads"),
                    JAVA_INT.withName("n_threads_batch"),
                    JAVA_INT.withName("ctx_type"),
                    JAVA_INT.withName("rope_scaling_type"),
                    JAVA_INT.withName("pooling_type"),
                    JAVA_INT.withName("attention_type"),
                    JAVA_INT.withName("flash_attn_type"),
                    JAVA_FLOAT.withName("rope_freq_base"),
                    JAVA_FLOAT.withName("rope_freq_scale"),
                    JAVA_FLOAT.withName("yarn_ext_factor"),
                    JAVA_FLOAT.withName("yarn_attn_factor"),
                    JAVA_FLOAT.withName("yarn_beta_fast"),
                    JAVA_FLOAT.withName("yarn_beta_slow"),
                    JAVA_INT.withName("yarn_orig_ctx"),
                    JAVA_FLOAT.withName("defrag_thold"),
                    ADDRESS.withName("cb_eval"),
                    ADDRESS.withName("cb_eval_user_data"),
                    JAVA_INT.withName("type_k"),
                    JAVA_INT.withName("type_v"),
                    ADDRESS.withName("abort_callback"),
                    ADDRESS.withName("abort_callback_data"),
                    JAVA_BOOLEAN.withName("embeddings"),
                    JAVA_BOOLEAN.withName("offload_kqv"),
                    JAVA_BOOLEAN.withName("no_perf"),
                    JAVA_BOOLEAN.withName("op_offload"),
                    JAVA_BOOLEAN.withName("swa_full"),
                    JAVA_BOOLEAN.withName("kv_unified"),
                    MemoryLayout.paddingLayout(2),
                    ADDRESS.withName("samplers"),
                    JAVA_LONG.withName("n_samplers"),
                    ADDRESS.withName("ctx_other"));

    private static final ParamStruct MODEL = new ParamStruct(MODEL_LAYOUT, modelDefaults());
    private static final ParamStruct CONTEXT = new ParamStruct(CONTEXT_LAYOUT, contextDefaults());

    /** What llama_model_default_params sets. */
    private static Map<String, Object> modelDefaults() {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("n_gpu_layers", -1);
        defaults.put("split_mode", 1);
        defaults.put("load_mode", -1);
        defaults.put("main_gpu", 0);
        defaults.put("vocab_only", false);
        defaults.put("check_tensors", false);
        defaults.put("use_extra_bufts", true);
        defaults.put("no_host", false);
        defaults.put("no_alloc", false);
        defaults.put("load_mtp", false);
        return defaults;
    }

    /** What llama_context_default_params sets. */
    private static Map<String, Object> contextDefaults() {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("n_ctx", 512);
        defaults.put("n_batch", 2048);
        defaults.put("n_ubatch", 512);
        defaults.put("n_seq_max", 1);
        defaults.put("n_rs_seq", 0);
        defaults.put("n_outputs_max", 0);
        defaults.put("n_outputs_max_per_seq", 1);
        defaults.put("n_threads", 4);
        defaults.put("n_threads_batch", 4);
        defaults.put("ctx_type", 0);
        defaults.put("rope_scaling_type", -1);
        defaults.put("pooling_type", -1);
        defaults.put("attention_type", -1);
        defaults.put("flash_attn_type", -1);
        defaults.put("yarn_ext_factor", -1f);
        defaults.put("yarn_attn_factor", -1f);
        defaults.put("yarn_beta_fast", -1f);
        defaults.put("yarn_beta_slow", -1f);
        defaults.put("yarn_orig_ctx", 0);
        defaults.put("defrag_thold", -1f);
        defaults.put("type_k", GGML_TYPE_F16);
        defaults.put("type_v", GGML_TYPE_F16);
        defaults.put("embeddings", false);
        defaults.put("offload_kqv", true);
        defaults.put("no_perf", true);
        defaults.put("op_offload", true);
        defaults.put("swa_full", true);
        defaults.put("kv_unified", false);
        return defaults;
    }

    @Override
    public String tag() {
        return "b10573";
    }

    @Override
    public String tags() {
        return "b10394 to b10587 and later ones with the same llama.h";
    }

    @Override
    public boolean covers(int build) {
        return build >= FIRST_BUILD;
    }

    @Override
    public List<String> requiredSymbols() {
        return List.of(MEMORY, REMOVE, "llama_version");
    }

    @Override
    public ParamStruct modelParams() {
        return MODEL;
    }

    @Override
    public ParamStruct contextParams() {
        return CONTEXT;
    }

    @Override
    public int tensorTypes() {
        return 43;
    }

    @Override
    public boolean isGpu(int deviceType) {
        return deviceType == GPU || deviceType == INTEGRATED_GPU;
    }

    @Override
    public void setModel(MemorySegment params, ModelSettings settings) {
        MODEL.set(params, "devices", settings.devices());
        MODEL.set(params, "n_gpu_layers", settings.gpuLayers());
        MODEL.set(params, "load_mode", settings.mmap() ? LOAD_MODE_MMAP : LOAD_MODE_NONE);
    }

    @Override
    public void setContext(MemorySegment params, ContextSettings settings) {
        CONTEXT.set(params, "n_ctx", settings.tokens());
        CONTEXT.set(params, "n_batch", settings.batch());
        CONTEXT.set(params, "n_ubatch", settings.batch());
        CONTEXT.set(params, "n_seq_max", settings.sequences());
        // One row of logits per sequence is all that is ever asked for; the default reserves one
        // per token of a batch.
        CONTEXT.set(params, "n_outputs_max", settings.sequences());
        CONTEXT.set(params, "n_threads", settings.threads());
        CONTEXT.set(params, "n_threads_batch", settings.threads());
        CONTEXT.set(params, "flash_attn_type", flashAttention(settings.flashAttention()));
        CONTEXT.set(params, "type_k", settings.kvType());
        CONTEXT.set(params, "type_v", settings.kvType());
        CONTEXT.set(params, "no_perf", true);
        CONTEXT.set(params, "kv_unified", false);
    }

    /** {@code llama_flash_attn_type}. */
    private static int flashAttention(FlashAttention choice) {
        return switch (choice) {
            case AUTO -> -1;
            case OFF -> 0;
            case ON -> 1;
        };
    }

    @Override
    public KvCache kvCache(NativeSymbols symbols) {
        return new MemoryKvCache(symbols);
    }

    /** Cells of its own for each sequence, by the llama_memory_* functions. */
    private static final class MemoryKvCache implements KvCache {
        private static final Pattern SIZE =
                Pattern.compile("size =\\s*([0-9.]+) MiB \\(\\s*\\d+ cells");

        /** llama_context rounds a sequence's cells up to whole blocks. */
        private static final int BLOCK = 256;

        private final KvRemoval removal;
        private final NativeFunction memory;

        MemoryKvCache(NativeSymbols symbols) {
            removal = new KvRemoval(symbols, REMOVE);
            memory = symbols.function(MEMORY, FunctionDescriptor.of(ADDRESS, ADDRESS));
        }

        @Override
        public int cells(int contextTokens, int sequences, int batch) {
            return Math.ceilDiv(contextTokens, BLOCK) * BLOCK * sequences;
        }

        @Override
        public Pattern sizeLogged() {
            return SIZE;
        }

        @Override
        public boolean abortSparesOtherSequences() {
            return true;
        }

        @Override
        public void clear(MemorySegment context, int sequence) {
            removal.removeAll(memory.toSegment(context), sequence);
        }

        /** Any free cell of a sequence takes a token. */
        @Override
        public void defragment(MemorySegment context) {}
    }
}
