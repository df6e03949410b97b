package io.rackmark.engine.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** llama.cpp b4916, include/llama.h: struct sizes 64 and 120 bytes on 64-bit machines. */
final class AbiB4916 implements LlamaAbi {
    private static final int GGML_TYPE_F32 = 0;
    private static final int GGML_TYPE_F16 = 1;

    private static final StructLayout MODEL =
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

    private static final StructLayout CONTEXT =
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
    public StructLayout modelParams() {
        return MODEL;
    }

    @Override
    public StructLayout contextParams() {
        return CONTEXT;
    }

    @Override
    public int tensorTypes() {
        return 39;
    }

    @Override
    public List<String> unexpectedDefaults(MemorySegment model, MemorySegment context) {
        List<String> faults = new ArrayList<>();
        modelDefaults().forEach((field, value) -> compare(MODEL, model, field, value, faults));
        contextDefaults()
                .forEach((field, value) -> compare(CONTEXT, context, field, value, faults));
        return faults;
    }

    private static void compare(
            StructLayout layout,
            MemorySegment struct,
            String field,
            Object expected,
            List<String> faults) {
        ValueLayout type = (ValueLayout) layout.select(PathElement.groupElement(field));
        long offset = layout.byteOffset(PathElement.groupElement(field));
        Object found =
                switch (type) {
                    case ValueLayout.OfInt ints -> struct.get(ints, offset);
                    case ValueLayout.OfFloat floats -> struct.get(floats, offset);
                    // A byte that is neither 0 nor 1 would read as true.
                    default -> flag(struct.get(ValueLayout.JAVA_BYTE, offset));
                };
        if (!found.equals(expected)) {
            faults.add("%s is %s instead of %s".formatted(field, found, expected));
        }
    }

    private static Object flag(byte value) {
        return value == 0 || value == 1 ? (Object) (value == 1) : (Object) value;
    }

    @Override
    public void setModel(MemorySegment params, ModelSettings settings) {
        params.set(ADDRESS, offset(MODEL, "devices"), settings.devices());
        params.set(JAVA_INT, offset(MODEL, "n_gpu_layers"), settings.gpuLayers());
        params.set(JAVA_BOOLEAN, offset(MODEL, "use_mmap"), settings.mmap());
    }

    @Override
    public void setContext(MemorySegment params, ContextSettings settings) {
        params.set(JAVA_INT, offset(CONTEXT, "n_ctx"), settings.tokens());
        params.set(JAVA_INT, offset(CONTEXT, "n_batch"), settings.batch());
        params.set(JAVA_INT, offset(CONTEXT, "n_ubatch"), settings.ubatch());
        params.set(JAVA_INT, offset(CONTEXT, "n_seq_max"), settings.sequences());
        params.set(JAVA_INT, offset(CONTEXT, "n_threads"), settings.threads());
        params.set(JAVA_INT, offset(CONTEXT, "n_threads_batch"), settings.threads());
        int kvType = settings.kvFloats() ? GGML_TYPE_F32 : GGML_TYPE_F16;
        params.set(JAVA_INT, offset(CONTEXT, "type_k"), kvType);
        params.set(JAVA_INT, offset(CONTEXT, "type_v"), kvType);
        params.set(JAVA_BOOLEAN, offset(CONTEXT, "flash_attn"), false);
        params.set(JAVA_BOOLEAN, offset(CONTEXT, "no_perf"), true);
    }

    private static long offset(StructLayout layout, String field) {
        return layout.byteOffset(PathElement.groupElement(field));
    }

    @Override
    public KvCache kvCache(NativeSymbols symbols) {
        return new SelfKvCache(symbols);
    }

    /** The llama_kv_self_* functions, which later tags replace by llama_memory_*. */
    private static final class SelfKvCache implements KvCache {
        private static final String REMOVE = "llama_kv_self_seq_rm";

        private final MethodHandle remove;
        private final NativeFunction defragment;

        SelfKvCache(NativeSymbols symbols) {
            remove =
                    symbols.handle(
                            REMOVE,
                            FunctionDescriptor.of(
                                    JAVA_BOOLEAN, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT));
            defragment =
                    symbols.function("llama_kv_self_defrag", FunctionDescriptor.ofVoid(ADDRESS));
        }

        @Override
        public void clear(MemorySegment context, int sequence) {
            boolean removed;
            try {
                removed = (boolean) remove.invokeExact(context, sequence, -1, -1);
            } catch (Throwable e) {
                throw NativeFunction.failure(REMOVE, e);
            }
            if (!removed) {
                throw NativeFunction.failure(
                        REMOVE, new IllegalStateException("sequence " + sequence + " not removed"));
            }
        }

        @Override
        public void defragment(MemorySegment context) {
            defragment.run(Objects.requireNonNull(context));
        }
    }
}
