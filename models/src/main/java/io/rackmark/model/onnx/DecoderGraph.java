package io.rackmark.model.onnx;

import io.rackmark.model.ModelConfig;
import io.rackmark.model.onnx.OnnxGraph.Dimension;
import java.util.List;
import java.util.Map;

/**
 * What the forms of a decoder's graph share: names of tensors, projections, the feed-forward block.
 * A form is built once, by {@link #build}.
 */
abstract class DecoderGraph {
    /** Metadata key: most positions that the rotary tables hold. */
    static final String CONTEXT_KEY = "rackmark.context";

    static final String INPUT_IDS = "input_ids";
    static final String LOGITS = "logits";

    final ModelConfig config;
    final WeightStore weights;
    final OnnxGraph graph = new OnnxGraph();

    DecoderGraph(WeightStore weights) {
        this.weights = weights;
        this.config = weights.config();
    }

    /** Adds all nodes, inputs and outputs. */
    abstract void decoder();

    /** Version of the standard's operators used. */
    abstract int opset();

    /** One product with a matrix of the checkpoint, [rows, columns] as it lies there. */
    abstract String product(String input, String matrix, long rows, long columns);

    /** The whole {@code ModelProto}. */
    final byte[] build() {
        decoder();
        return graph.model(opset(), Map.of(CONTEXT_KEY, Integer.toString(config.contextTokens())));
    }

    static String layer(int layer) {
        return "model.layers." + layer + ".";
    }

    static String pastKey(int layer) {
        return "past_key_values." + layer + ".key";
    }

    static String pastValue(int layer) {
        return "past_key_values." + layer + ".value";
    }

    static String presentKey(int layer) {
        return "present." + layer + ".key";
    }

    static String presentValue(int layer) {
        return "present." + layer + ".value";
    }

    /** Inputs and outputs for the keys and values of all layers. */
    final void declareCaches(Dimension sequences, String past, String present) {
        Dimension heads = Dimension.of(config.kvHeads());
        Dimension width = Dimension.of(config.headDim());
        for (int i = 0; i < config.layers(); i++) {
            for (String name : List.of(pastKey(i), pastValue(i))) {
                graph.input(name, weights.real(), sequences, heads, Dimension.of(past), width);
            }
            for (String name : List.of(presentKey(i), presentValue(i))) {
                graph.output(name, weights.real(), sequences, heads, Dimension.of(present), width);
            }
        }
    }

    final String vector(String name, long length) {
        return graph.tensor(weights.real(name, length));
    }

    /** A projection, with its bias if the family has one. */
    String projection(String input, String name, long rows, long columns, boolean bias) {
        String product = product(input, name + ".weight", rows, columns);
        return bias ? graph.op("Add", List.of(product, vector(name + ".bias", rows))) : product;
    }

    final String query(String input, String layer) {
        return projection(
                input,
                layer + "self_attn.q_proj",
                config.queryWidth(),
                config.hidden(),
                config.queryKeyValueBias());
    }

    /** The key's or the value's projection: {@code k_proj}, {@code v_proj}. */
    final String keyOrValue(String input, String layer, String name) {
        return projection(
                input,
                layer + "self_attn." + name,
                config.keyValueWidth(),
                config.hidden(),
                config.queryKeyValueBias());
    }

    final String attentionOutput(String input, String layer) {
        return projection(
                input,
                layer + "self_attn.o_proj",
                config.hidden(),
                config.queryWidth(),
                config.outputBias());
    }

    /** down(silu(gate(x)) * up(x)). */
    final String feedForward(String input, String layer) {
        boolean bias = config.mlpBias();
        long inner = config.ffn();
        long hidden = config.hidden();
        String gate = projection(input, layer + "mlp.gate_proj", inner, hidden, bias);
        String up = projection(input, layer + "mlp.up_proj", inner, hidden, bias);
        String silu = graph.op("Mul", List.of(gate, graph.op("Sigmoid", List.of(gate))));
        String both = graph.op("Mul", List.of(silu, up));
        return projection(both, layer + "mlp.down_proj", hidden, inner, bias);
    }

    /** The product with the output matrix, which may be the embedding matrix. */
    final String head(String input) {
        return product(
                input,
                config.tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight",
                config.vocabulary(),
                config.hidden());
    }

    /** The last element along an axis, kept as an axis of length one. */
    final String last(String input, int axis) {
        return graph.op(
                "Slice",
                List.of(
                        input,
                        graph.numbers(-1),
                        graph.numbers(Long.MAX_VALUE),
                        graph.numbers(axis)));
    }
}
