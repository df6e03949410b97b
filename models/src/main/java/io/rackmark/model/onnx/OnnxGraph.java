package io.rackmark.model.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A {@code ModelProto} under construction: nodes in the order of computation, initializers, inputs
 * and outputs. Names of results are made up here unless given.
 */
final class OnnxGraph {
    private static final String CONTRIB = "com.microsoft";
    private static final String PRODUCER = "rackmark";

    // GraphProto
    private static final int NODE = 1;
    private static final int NAME = 2;
    private static final int INPUT = 11;
    private static final int OUTPUT = 12;

    private final ProtoWriter graph = new ProtoWriter();
    private final Set<String> initializers = new HashSet<>();
    private int results;

    /** One dimension: a number, or a name for what is known at run time only. */
    record Dimension(String name, long value) {
        static Dimension of(long value) {
            return new Dimension("", value);
        }

        static Dimension of(String name) {
            return new Dimension(name, -1);
        }

        private ProtoWriter proto() {
            return name.isEmpty()
                    ? new ProtoWriter().varint(1, value)
                    : new ProtoWriter().text(2, name);
        }
    }

    /** A node of the standard with one result, whose name is given back. */
    String op(String operator, List<String> inputs, OnnxAttribute... attributes) {
        String result = fresh(operator);
        node("", operator, inputs, List.of(result), attributes);
        return result;
    }

    /** A node of ONNX Runtime's own domain with one result, whose name is given back. */
    String contrib(String operator, List<String> inputs, OnnxAttribute... attributes) {
        String result = fresh(operator);
        contrib(operator, inputs, List.of(result), attributes);
        return result;
    }

    /** A node of ONNX Runtime's own domain; "" stands for a result not wanted. */
    void contrib(
            String operator,
            List<String> inputs,
            List<String> outputs,
            OnnxAttribute... attributes) {
        node(CONTRIB, operator, inputs, outputs, attributes);
    }

    /** A node of the standard; "" stands for an input not given. */
    void op(
            String operator,
            List<String> inputs,
            List<String> outputs,
            OnnxAttribute... attributes) {
        node("", operator, inputs, outputs, attributes);
    }

    /** A name not used before. */
    String fresh(String hint) {
        return hint + "_" + results++;
    }

    private void node(
            String domain,
            String operator,
            List<String> inputs,
            List<String> outputs,
            OnnxAttribute... attributes) {
        ProtoWriter node = new ProtoWriter();
        inputs.forEach(input -> node.text(1, input));
        outputs.forEach(output -> node.text(2, output));
        node.text(3, fresh("node")).text(4, operator);
        for (OnnxAttribute attribute : attributes) {
            node.message(5, attribute.proto());
        }
        if (!domain.isEmpty()) {
            node.text(7, domain);
        }
        graph.message(NODE, node);
    }

    /** Declares a tensor of another file, once; gives its name back. */
    String tensor(ExternalTensor tensor) {
        if (initializers.add(tensor.name())) {
            ProtoWriter proto = header(tensor.name(), tensor.type().orElseThrow(), tensor.shape());
            Map<String, String> where =
                    new java.util.TreeMap<>(
                            Map.of(
                                    "location", tensor.location(),
                                    "offset", Long.toString(tensor.offset()),
                                    "length", Long.toString(tensor.bytes())));
            where.forEach(
                    (key, value) ->
                            proto.message(
                                    OnnxFields.TENSOR_EXTERNAL,
                                    new ProtoWriter()
                                            .text(OnnxFields.ENTRY_KEY, key)
                                            .text(OnnxFields.ENTRY_VALUE, value)));
            // data_location = EXTERNAL
            graph.message(OnnxFields.GRAPH_INITIALIZER, proto.varint(14, 1));
        }
        return tensor.name();
    }

    /** A vector of whole numbers: a shape, axes. */
    String numbers(long... values) {
        String name = "int64" + Arrays.toString(values).replaceAll("[^-0-9]+", "_");
        return constant(name, OnnxType.INT64, List.of((long) values.length), bytes(values));
    }

    String number(long value) {
        return constant("int64_" + value, OnnxType.INT64, List.of(), bytes(value));
    }

    String real(float value) {
        byte[] bytes =
                ByteBuffer.allocate(Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(value)
                        .array();
        return constant("float_" + value, OnnxType.FLOAT, List.of(), bytes);
    }

    private String constant(String name, OnnxType type, List<Long> shape, byte[] bytes) {
        if (initializers.add(name)) {
            // raw_data
            graph.message(OnnxFields.GRAPH_INITIALIZER, header(name, type, shape).bytes(9, bytes));
        }
        return name;
    }

    private static ProtoWriter header(String name, OnnxType type, List<Long> shape) {
        ProtoWriter proto = new ProtoWriter();
        shape.forEach(dimension -> proto.varint(OnnxFields.TENSOR_DIMS, dimension));
        return proto.varint(OnnxFields.TENSOR_TYPE, type.code()).text(OnnxFields.TENSOR_NAME, name);
    }

    private static byte[] bytes(long... values) {
        ByteBuffer buffer =
                ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            buffer.putLong(value);
        }
        return buffer.array();
    }

    void input(String name, OnnxType type, Dimension... shape) {
        graph.message(INPUT, value(name, type, shape));
    }

    void output(String name, OnnxType type, Dimension... shape) {
        graph.message(OUTPUT, value(name, type, shape));
    }

    /** {@code ValueInfoProto}. */
    private static ProtoWriter value(String name, OnnxType type, Dimension... shape) {
        ProtoWriter dimensions = new ProtoWriter();
        for (Dimension dimension : shape) {
            dimensions.message(1, dimension.proto());
        }
        ProtoWriter tensor = new ProtoWriter().varint(1, type.code()).message(2, dimensions);
        return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
    }

    /**
     * The finished model.
     *
     * @param opset version of the standard's operators
     * @param metadata kept in the model, as {@code metadata_props}
     */
    byte[] model(int opset, Map<String, String> metadata) {
        ProtoWriter model =
                new ProtoWriter()
                        .varint(1, irVersion(opset))
                        .text(2, PRODUCER)
                        .message(7, graph.text(NAME, "decoder"))
                        .message(8, new ProtoWriter().text(1, "").varint(2, opset))
                        .message(8, new ProtoWriter().text(1, CONTRIB).varint(2, 1));
        new java.util.TreeMap<>(metadata)
                .forEach(
                        (key, value) ->
                                model.message(
                                        14,
                                        new ProtoWriter()
                                                .text(OnnxFields.ENTRY_KEY, key)
                                                .text(OnnxFields.ENTRY_VALUE, value)));
        return model.toBytes();
    }

    /** The IR version that came with an opset, by the table in ONNX's "Versioning" page. */
    private static int irVersion(int opset) {
        return opset >= 23 ? 11 : 10;
    }
}
