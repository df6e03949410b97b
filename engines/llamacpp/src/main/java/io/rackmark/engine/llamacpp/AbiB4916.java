package io.rackmark.engine.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** llama.cpp b4916, include/llama.h: struct sizes 64 and 120 bytes on 64-bit machines. */
final class AbiB4916 implements LlamaAbi {
    private static final String REMOVE = "llama_kv_self_seq_rm";
    private static final String DEFRAGMENT = "llama_kv_self_defrag";

    /** {@code GGML_BACKEND_DEVICE_TYPE_GPU}. */
    private static final int GPU = 1;

    private static final StructLayout MODEL_LAYOUT =
            MemoryLayout.structLayout(
                    ADDRESS.withName("devices"),
                    JAVA_INT.withName("n_gpu_layers"),
                    JAVA_INT.withName("split_mode"),
                    JAVA_INT.withName("main_gpu"),
                    MemoryLayout.paddingLayout(4),
                    ADDRESS.withName("tensor_split"),
                    ADDRESS.withName("progress_callback"),
                    ADDRESS.withName("progress_callback_user_data"),
                    ADDRESS.withName("kv_overrides"),
                    JAVA_BOOLEAN.withName("vocab_only"),
                    JAVA_BOOLEAN.withName("use_mmap"),
                    JAVA_BOOLEAN.withName("use_mlock"),
                    JAVA_BOOLEAN.withName("check_tensors"),
                    MemoryLayout.paddingLayout(4));

    private static final StructLayout CONTEXT_LAYOUT =
            MemoryLayout.structLayout(
                    JAVA_INT.withName("n_ctx"),
                    JAVA_INT.withName("n_batch"),
                    JAVA_INT.withName("n_ubatch"),
                    JAVA_INT.withName("n_seq_max"),
                    JAVA_INT.withName("n_threads"),
                    JAVA_INT.withName("n_threads_batch"),
                    JAVA_INT.withName("rope_scaling_type"),
                    JAVA_INT.withName("pooling_type"),
                    JAVA_INT.withName("attention_type"),
                    JAVA_FLOAT.withName("rope_freq_base"),
                    JAVA_FLOAT.withName("rope_freq_scale"),
                    JAVA_FLOAT.withName("yarn_ext_factor"),
                    JAVA_FLOAT.withName("yarn_attn_factor"),
                    JAVA_FLOAT.withName("yarn_beta_fast"),
                    JAVA_FLOAT.withName("yarn_beta_slow"),
                    JAVA_INT.withName("yarn_orig_ctx"),
                    JAVA_FLOAT.withName("defrag_thold"),
                    MemoryLayout.paddingLayout(4),
                    ADDRESS.withName("cb_eval"),
                    ADDRESS.withName("cb_eval_user_data"),
                    JAVA_INT.withName("type_k"),
                    JAVA_INT.withName("type_v"),
                    JAVA_BOOLEAN.withName("logits_all"),
                    JAVA_BOOLEAN.withName("embeddings"),
                    JAVA_BOOLEAN.withName("offload_kqv"),
                    JAVA_BOOLEAN.withName("flash_attn"),
                    JAVA_BOOLEAN.withName("no_perf"),
                    MemoryLayout.paddingLayout(3),
                    ADDRESS.withName("abort_callback"),
                    ADDRESS.withName("abort_callback_data"));

    private static final ParamStruct MODEL = new ParamStruct(MODEL_LAYOUT, modelDefaults());
    private static final ParamStruct CONTEXT = new ParamStruct(CONTEXT_LAYOUT, contextDefaults());

    /** What llama_model_default_params sets on every CPU build. */
    private static Map<String, Object> modelDefaults() {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("split_mode", 1);
        defaults.put("main_gpu", 0);
        defaults.put("vocab_only", false);
        defaults.put("use_mmap", true);
        defaults.put("use_mlock", false);
        defaults.put("check_tensors", false);
        return defaults;
    }

    /** What llama_context_default_params sets. */
    private static Map<String, Object> contextDefaults() {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("n_ctx", 512);
        defaults.put("n_batch", 2048);
        defaults.put("n_ubatch", 512);
        defaults.put("n_seq_max", 1);
        defaults.put("n_threads", 4);
        defaults.put("n_threads_batch", 4);
        defaults.put("rope_scaling_type", -1);
        defaults.put("pooling_type", -1);
        defaults.put("attention_type", -1);
        defaults.put("yarn_ext_factor", -1f);
        defaults.put("yarn_attn_factor", 1f);
        defaults.put("yarn_beta_fast", 32f);
        defaults.put("yarn_beta_slow", 1f);
        defaults.put("yarn_orig_ctx", 0);
        defaults.put("defrag_thold", -1f);
        defaults.put("type_k", 1);
        defaults.put("type_v", 1);
        defaults.put("logits_all", false);
        defaults.put("embeddings", false);
        defaults.put("offload_kqv", true);
        defaults.put("flash_attn", false);
        defaults.put("no_perf", true);
        return defaults;
    }

    @Override
    public String tag() {
        return "b4916";
    }

    @Override
    public String tags() {
        return tag();
    }

    @Override
    public boolean covers(int build) {
        return build == 4916;
    }

    @Override
    public List<String> requiredSymbols() {
        return List.of(REMOVE, DEFRAGMENT);
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
        return 39;
    }

    @Override
    public boolean isGpu(int deviceType) {
        return deviceType == GPU;
    }

    @Override
    public void setModel(MemorySegment params, ModelSettings settings) {
        MODEL.set(params, "devices", settings.devices());
        MODEL.set(params, "n_gpu_layers", settings.gpuLayers());
        MODEL.set(params, "use_mmap", settings.mmap());
    }

    @Override
    public void setContext(MemorySegment params, ContextSettings settings) {
        CONTEXT.set(params, "n_ctx", settings.tokens());
        CONTEXT.set(params, "n_batch", settings.batch());
        CONTEXT.set(params, "n_ubatch", settings.batch());
        CONTEXT.set(params, "n_seq_max", settings.sequences());
        CONTEXT.set(params, "n_threads", settings.threads());
        CONTEXT.set(params, "n_threads_batch", settings.threads());
        CONTEXT.set(params, "type_k", settings.kvType());
        CONTEXT.set(params, "type_v", settings.kvType());
        CONTEXT.set(params, "flash_attn", settings.flashAttention() == FlashAttention.ON);
        CONTEXT.set(params, "no_perf", true);
    }

    @Override
    public KvCache kvCache(NativeSymbols symbols) {
        return new SelfKvCache(symbols);
    }

    /** One run of cells for all sequences, by the llama_kv_self_* functions. */
    private static final class SelfKvCache implements KvCache {
        private static final Pattern SIZE = Pattern.compile("KV self size\\s*=\\s*([0-9.]+) MiB");

        private final KvRemoval removal;
        private final NativeFunction defragment;

        SelfKvCache(NativeSymbols symbols) {
            removal = new KvRemoval(symbols, REMOVE);
            defragment = symbols.function(DEFRAGMENT, FunctionDescriptor.ofVoid(ADDRESS));
        }

        /**
         * Several sequences break up the free cells; defragmenting them has llama.cpp plan a graph
         * for a full batch behind the used cells, and end the process where that does not fit.
         */
        @Override
        public int cells(int contextTokens, int sequences, int batch) {
            return contextTokens * sequences + (sequences > 1 ? batch : 0);
        }

        @Override
        public Pattern sizeLogged() {
            return SIZE;
        }

        /**
         * llama_kv_slot_restorer::restore mistakes the aborted tokens' cell numbers for positions
         * and removes those positions from all sequences.
         */
        @Override
        public boolean abortSparesOtherSequences() {
            return false;
        }

        @Override
        public void clear(MemorySegment context, int sequence) {
            removal.removeAll(context, sequence);
        }

        @Override
        public void defragment(MemorySegment context) {
            defragment.run(Objects.requireNonNull(context));
        }
    }
}
