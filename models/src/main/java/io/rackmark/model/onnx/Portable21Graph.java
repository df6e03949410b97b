package io.rackmark.model.onnx;

import java.util.List;

/** Opset 21: norms, rotation and attention spelt out in elementary operators. */
final class Portable21Graph extends PortableGraph {
    /** Finite, so that a row of masked scores would still have a softmax. */
    private static final float MASKED = -3e38f;

    private String cosines = "";
    private String sines = "";
    private String mask = "";

    Portable21Graph(WeightStore weights) {
        super(weights);
    }

    @Override
    int opset() {
        return 21;
    }

    @Override
    void prepare() {
        String positions = graph.op("Reshape", List.of(POSITION_IDS, graph.numbers(-1)));
        cosines = rows(graph.tensor(weights.cosines()), positions);
        sines = rows(graph.tensor(weights.sines()), positions);
        mask = mask(positions);
    }

    /** Both halves of a head turn by the same angles: [tokens, headDim]. */
    private String rows(String table, String positions) {
        String half = graph.op("Gather", List.of(table, positions));
        return graph.op("Concat", List.of(half, half), OnnxAttribute.of("axis", -1));
    }

    /** What is added to the scores: 0 up to the query's position, beyond it {@link #MASKED}. */
    private String mask(String positions) {
        String zero = graph.number(0);
        String one = graph.number(1);
        String last = graph.op("ReduceMax", List.of(positions), OnnxAttribute.of("keepdims", 0));
        String total = graph.op("Add", List.of(last, one));
        String keys = graph.op("Range", List.of(zero, total, one));
        String later =
                graph.op(
                        "Greater",
                        List.of(
                                graph.op("Unsqueeze", List.of(keys, graph.numbers(0))),
                                graph.op("Unsqueeze", List.of(positions, graph.numbers(1)))));
        return graph.op("Where", List.of(later, graph.real(MASKED), graph.real(0)));
    }

    @Override
    String norm(String input, String weight, long width) {
        String squares = graph.op("Mul", List.of(input, input));
        String mean =
                graph.op(
                        "ReduceMean",
                        List.of(squares, graph.numbers(-1)),
                        OnnxAttribute.of("keepdims", 1));
        String root =
                graph.op(
                        "Sqrt",
                        List.of(
                                graph.op(
                                        "Add",
                                        List.of(mean, graph.real((float) config.rmsEpsilon())))));
        String scaled = graph.op("Div", List.of(input, root));
        return graph.op("Mul", List.of(scaled, vector(weight, width)));
    }

    /** Query heads that share a key are one dimension, so that keys need not be repeated. */
    @Override
    String attention(int i, String query, String key, String value) {
        String layer = layer(i) + "self_attn.";
        String queries = rotated(query, config.heads(), layer + "q_norm.weight");
        String keys = rotated(key, config.kvHeads(), layer + "k_norm.weight");
        append(pastKey(i), keys, presentKey(i));
        append(pastValue(i), heads(value, config.kvHeads()), presentValue(i));
        long group = config.heads() / config.kvHeads();
        String grouped =
                graph.op(
                        "Reshape",
                        List.of(
                                queries,
                                graph.numbers(1, config.kvHeads(), group, -1, config.headDim())));
        String scores =
                graph.op(
                        "MatMul",
                        List.of(grouped, transposed(alone(presentKey(i)), 0, 1, 2, 4, 3)));
        float scale = (float) (1 / Math.sqrt(config.headDim()));
        String masked =
                graph.op("Add", List.of(graph.op("Mul", List.of(scores, graph.real(scale))), mask));
        String shares = graph.op("Softmax", List.of(masked), OnnxAttribute.of("axis", -1));
        String mixed = graph.op("MatMul", List.of(shares, alone(presentValue(i))));
        String each =
                graph.op(
                        "Reshape",
                        List.of(mixed, graph.numbers(1, config.heads(), -1, config.headDim())));
        return graph.op(
                "Reshape",
                List.of(transposed(each, 0, 2, 1, 3), graph.numbers(-1, config.queryWidth())));
    }

    private void append(String past, String added, String present) {
        graph.op("Concat", List.of(past, added), List.of(present), OnnxAttribute.of("axis", 2));
    }

    private String alone(String cache) {
        return graph.op("Unsqueeze", List.of(cache, graph.numbers(2)));
    }

    private String transposed(String input, long... order) {
        return graph.op("Transpose", List.of(input), OnnxAttribute.ofInts("perm", order));
    }

    /** [1, heads, tokens, headDim]. */
    private String heads(String input, long heads) {
        String split =
                graph.op("Reshape", List.of(input, graph.numbers(1, -1, heads, config.headDim())));
        return transposed(split, 0, 2, 1, 3);
    }

    /** x * cos + rotate_half(x) * sin, with the halves of the head far apart, not interleaved. */
    private String rotated(String input, long heads, String normWeight) {
        String normed = config.queryKeyNorm() ? headNorm(input, heads, normWeight) : input;
        String split = heads(normed, heads);
        long half = config.headDim() / 2;
        String turned =
                graph.op(
                        "Concat",
                        List.of(
                                graph.op("Neg", List.of(slice(split, half, config.headDim()))),
                                slice(split, 0, half)),
                        OnnxAttribute.of("axis", -1));
        return graph.op(
                "Add",
                List.of(
                        graph.op("Mul", List.of(split, cosines)),
                        graph.op("Mul", List.of(turned, sines))));
    }

    private String slice(String input, long from, long to) {
        return graph.op(
                "Slice", List.of(input, graph.numbers(from), graph.numbers(to), graph.numbers(3)));
    }
}
