package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtProvider;
import java.util.Locale;

/** What ONNX Runtime computes a graph with. */
enum Provider {
    CPU(OrtProvider.CPU),
    CUDA(OrtProvider.CUDA),
    /** What TensorRT does not take is left to CUDA. */
    TENSORRT(OrtProvider.TENSOR_RT);

    private final OrtProvider provider;

    Provider(OrtProvider provider) {
        this.provider = provider;
    }

    OrtProvider provider() {
        return provider;
    }

    /** ONNX Runtime's name, as in a node's placement. */
    String title() {
        return provider.getName();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
