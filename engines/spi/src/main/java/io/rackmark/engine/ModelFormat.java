package io.rackmark.engine;

/** The file form of a model that an engine loads. */
public enum ModelFormat {
    SAFETENSORS,
    GGUF,
    ONNX,
    TORCHSCRIPT
}
