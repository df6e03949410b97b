package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Registers execution providers with their options, which ONNX Runtime documents under "CUDA
 * Execution Provider" and "TensorRT Execution Provider".
 */
final class ExecutionProviders {
    private ExecutionProviders() {}

    /** Adds nothing on the CPU, which ONNX Runtime always has. */
    static void add(
            SessionOptions options, Target target, Map<String, String> tensorRt, boolean tf32)
            throws OrtException {
        switch (target.provider()) {
            case CPU -> {}
            case CUDA -> addCuda(options, target.gpu(), cuda(tf32));
            case TENSORRT -> {
                addTensorRt(options, target.gpu(), tensorRt);
                addCuda(options, target.gpu(), cuda(tf32));
            }
        }
    }

    /** Loads a provider for the first GPU, to see whether it can be. */
    static void tryOn(SessionOptions options, Provider provider) throws OrtException {
        if (provider == Provider.TENSORRT) {
            addTensorRt(options, 0, Map.of());
        }
        addCuda(options, 0, Map.of());
    }

    /** Rounded factors make 32-bit results differ in the fourth digit, so they are asked for. */
    static Map<String, String> cuda(boolean tf32) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("use_tf32", tf32 ? "1" : "0");
        // Doubling the arena at each growth would show as memory that the model does not need.
        options.put("arena_extend_strategy", "kSameAsRequested");
        return options;
    }

    private static void addCuda(SessionOptions options, int gpu, Map<String, String> entries)
            throws OrtException {
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(gpu)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                cuda.add(entry.getKey(), entry.getValue());
            }
            options.addCUDA(cuda);
        }
    }

    private static void addTensorRt(SessionOptions options, int gpu, Map<String, String> entries)
            throws OrtException {
        try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions(gpu)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                tensorRt.add(entry.getKey(), entry.getValue());
            }
            options.addTensorrt(tensorRt);
        }
    }
}
