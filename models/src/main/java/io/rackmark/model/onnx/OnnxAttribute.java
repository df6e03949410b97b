package io.rackmark.model.onnx;

/**
 * {@code AttributeProto}: a named constant of a node.
 *
 * @param proto the encoded message
 */
record OnnxAttribute(ProtoWriter proto) {
    private static final int NAME = 1;
    private static final int FLOAT_VALUE = 2;
    private static final int INT_VALUE = 3;
    private static final int INTS_VALUE = 8;
    private static final int TYPE = 20;

    static OnnxAttribute of(String name, long value) {
        return new OnnxAttribute(
                new ProtoWriter().text(NAME, name).varint(INT_VALUE, value).varint(TYPE, 2));
    }

    static OnnxAttribute of(String name, float value) {
        return new OnnxAttribute(
                new ProtoWriter().text(NAME, name).float32(FLOAT_VALUE, value).varint(TYPE, 1));
    }

    static OnnxAttribute ofInts(String name, long... values) {
        ProtoWriter proto = new ProtoWriter().text(NAME, name);
        for (long value : values) {
            proto.varint(INTS_VALUE, value);
        }
        return new OnnxAttribute(proto.varint(TYPE, 7));
    }
}
