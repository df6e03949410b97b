package io.rackmark.model.onnx;

import io.rackmark.model.onnx.OnnxGraph.Dimension;
import java.util.List;

/**
 * The graph in operators of the ONNX standard alone, in 32 bits and for one sequence. Inputs:
 * {@code input_ids} and {@code position_ids} [1, tokens], keys and values [1, kvHeads, past,
 * headDim]. Outputs: {@code logits} [1, 1, vocabulary] of the last token, keys and values with the
 * new tokens'. Hidden states have two dimensions, so that Gemm takes the checkpoint's matrices as
 * they lie.
 */
abstract class PortableGraph extends DecoderGraph {
    static final String POSITION_IDS = "position_ids";
    private static final Dimension ONE = Dimension.of(1);

    PortableGraph(WeightStore weights) {
        super(weights);
    }

    /** Nodes that all layers use. */
    abstract void prepare();

    abstract String norm(String input, String weight, long width);

    /**
     * Attention of one layer; writes its keys and values.
     *
     * @param query [tokens, queryWidth], key and value [tokens, keyValueWidth]
     * @return [tokens, queryWidth]
     */
    abstract String attention(int layer, String query, String key, String value);

    @Override
    final void decoder() {
        Dimension tokens = Dimension.of("tokens");
        graph.input(INPUT_IDS, OnnxType.INT64, ONE, tokens);
        graph.input(POSITION_IDS, OnnxType.INT64, ONE, tokens);
        graph.output(LOGITS, weights.real(), ONE, ONE, Dimension.of(config.vocabulary()));
        declareCaches(ONE, "past", "total");
        prepare();
        String residual = embedding();
        for (int i = 0; i < config.layers(); i++) {
            String layer = layer(i);
            String normed = norm(residual, layer + "input_layernorm.weight", config.hidden());
            String attended =
                    attention(
                            i,
                            query(normed, layer),
                            keyOrValue(normed, layer, "k_proj"),
                            keyOrValue(normed, layer, "v_proj"));
            residual = graph.op("Add", List.of(residual, attentionOutput(attended, layer)));
            String again =
                    norm(residual, layer + "post_attention_layernorm.weight", config.hidden());
            residual = graph.op("Add", List.of(residual, feedForward(again, layer)));
        }
        String normed = norm(last(residual, 0), "model.norm.weight", config.hidden());
        String shape = graph.numbers(1, 1, config.vocabulary());
        graph.op("Reshape", List.of(head(normed), shape), List.of(LOGITS));
    }

    private String embedding() {
        long rows = config.vocabulary();
        long hidden = config.hidden();
        String table = graph.tensor(weights.real("model.embed_tokens.weight", rows, hidden));
        String ids = graph.op("Reshape", List.of(INPUT_IDS, graph.numbers(-1)));
        return graph.op("Gather", List.of(table, ids));
    }

    /** RMS norm of each head of [tokens, heads * headDim]. */
    final String headNorm(String input, long heads, String weight) {
        long width = config.headDim();
        String split = graph.op("Reshape", List.of(input, graph.numbers(-1, heads, width)));
        return graph.op(
                "Reshape", List.of(norm(split, weight, width), graph.numbers(-1, heads * width)));
    }

    @Override
    final String product(String input, String matrix, long rows, long columns) {
        return graph.op(
                "Gemm",
                List.of(input, graph.tensor(weights.real(matrix, rows, columns))),
                OnnxAttribute.of("transB", 1));
    }
}
