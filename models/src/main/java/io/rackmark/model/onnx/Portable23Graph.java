package io.rackmark.model.onnx;

import java.util.List;

/** Opset 23: RMSNormalization, RotaryEmbedding and Attention are operators of the standard. */
final class Portable23Graph extends PortableGraph {
    Portable23Graph(WeightStore weights) {
        super(weights);
    }

    @Override
    int opset() {
        return 23;
    }

    @Override
    void prepare() {}

    @Override
    String norm(String input, String weight, long width) {
        return graph.op(
                "RMSNormalization",
                List.of(input, vector(weight, width)),
                OnnxAttribute.of("axis", -1),
                OnnxAttribute.of("epsilon", (float) config.rmsEpsilon()));
    }

    @Override
    String attention(int i, String query, String key, String value) {
        String rotatedQuery = rotated(query, config.heads(), layer(i) + "self_attn.q_norm.weight");
        String rotatedKey = rotated(key, config.kvHeads(), layer(i) + "self_attn.k_norm.weight");
        String result = graph.fresh("attention");
        graph.op(
                "Attention",
                List.of(
                        rotatedQuery,
                        rotatedKey,
                        graph.op("Unsqueeze", List.of(value, graph.numbers(0))),
                        "",
                        pastKey(i),
                        pastValue(i)),
                List.of(result, presentKey(i), presentValue(i)),
                OnnxAttribute.of("is_causal", 1),
                OnnxAttribute.of("q_num_heads", config.heads()),
                OnnxAttribute.of("kv_num_heads", config.kvHeads()));
        return graph.op("Reshape", List.of(result, graph.numbers(-1, config.queryWidth())));
    }

    /** [1, tokens, heads * headDim]. */
    private String rotated(String input, long heads, String normWeight) {
        String normed = config.queryKeyNorm() ? headNorm(input, heads, normWeight) : input;
        return graph.op(
                "RotaryEmbedding",
                List.of(
                        graph.op("Unsqueeze", List.of(normed, graph.numbers(0))),
                        graph.tensor(weights.cosines()),
                        graph.tensor(weights.sines()),
                        POSITION_IDS),
                OnnxAttribute.of("num_heads", heads),
                OnnxAttribute.of("interleaved", 0));
    }
}
