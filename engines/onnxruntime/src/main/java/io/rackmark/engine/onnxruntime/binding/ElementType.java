package io.rackmark.engine.onnxruntime.binding;

/** {@code ONNXTensorElementDataType}, those of a decoder's inputs and outputs. */
public enum ElementType {
    FLOAT(1),
    INT32(6),
    INT64(7),
    FLOAT16(10);

    private final int code;

    ElementType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
