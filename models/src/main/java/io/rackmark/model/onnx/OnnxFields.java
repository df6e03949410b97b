package io.rackmark.model.onnx;

/** Field numbers of {@code onnx.proto} (ONNX IR specification) that are both written and read. */
final class OnnxFields {
    static final int GRAPH_INITIALIZER = 5;
    static final int TENSOR_DIMS = 1;
    static final int TENSOR_TYPE = 2;
    static final int TENSOR_NAME = 8;
    static final int TENSOR_EXTERNAL = 13;
    static final int ENTRY_KEY = 1;
    static final int ENTRY_VALUE = 2;

    private OnnxFields() {}
}
