package io.rackmark.model.onnx;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.onnx.OnnxGraph.Dimension;
import java.util.List;
import java.util.OptionalInt;

/**
 * The graph in ONNX Runtime's own operators (ContribOperators.md of its repository). Inputs: {@code
 * input_ids} [sequences, tokens], {@code seqlens_k} [sequences], the last position of each, {@code
 * total_sequence_length} [], the longest sequence with its new tokens, and keys and values
 * [sequences, kvHeads, room, headDim], which may be the very buffers of the outputs. Output: {@code
 * logits} [sequences, 1, vocabulary] of the last token.
 */
final class ContribGraph extends DecoderGraph {
    private static final Dimension SEQUENCES = Dimension.of("sequences");

    /** GroupQueryAttention takes multiples of 8, and half of one for its rotation. */
    private static final int HEAD_STEP = 16;

    private final OptionalInt bits;
    private final boolean exactActivations;

    /**
     * @param bits of the matrices' elements, 4 or 8; nothing when they are not quantised
     * @param exactActivations whether quantised products keep their activations in 32 bits
     */
    ContribGraph(WeightStore weights, OptionalInt bits, boolean exactActivations) {
        super(weights);
        this.bits = bits;
        this.exactActivations = exactActivations;
        if (config.headDim() % HEAD_STEP != 0) {
            throw new ModelException(
                    Kind.UNSUPPORTED,
                    "ONNX Runtime's attention takes heads whose width is a multiple of %d, this"
                                    .formatted(HEAD_STEP)
                            + " model's is %d".formatted(config.headDim()));
        }
    }

    @Override
    int opset() {
        return 21;
    }

    @Override
    void decoder() {
        graph.input(INPUT_IDS, OnnxType.INT64, SEQUENCES, Dimension.of("tokens"));
        graph.input("seqlens_k", OnnxType.INT32, SEQUENCES);
        graph.input("total_sequence_length", OnnxType.INT32);
        graph.output(
                LOGITS,
                weights.real(),
                SEQUENCES,
                Dimension.of(1),
                Dimension.of(config.vocabulary()));
        declareCaches(SEQUENCES, "room", "room_after");
        String residual = embedding();
        String normed = norm(residual, layer(0) + "input_layernorm.weight", config.hidden());
        for (int i = 0; i < config.layers(); i++) {
            String attended = attentionOutput(attention(normed, i), layer(i));
            Sum middle = addAndNorm(residual, attended, layer(i) + "post_attention_layernorm");
            String fed = feedForward(middle.normed(), layer(i));
            boolean lastLayer = i + 1 == config.layers();
            String next = lastLayer ? "model.norm" : layer(i + 1) + "input_layernorm";
            Sum end = addAndNorm(middle.sum(), fed, next);
            residual = end.sum();
            normed = end.normed();
        }
        graph.op("Identity", List.of(head(last(normed, 1))), List.of(LOGITS));
    }

    /** Quantised models keep the table as it lies in the checkpoint and widen the rows taken. */
    private String embedding() {
        String name = "model.embed_tokens.weight";
        long rows = config.vocabulary();
        long hidden = config.hidden();
        ExternalTensor table =
                bits.isPresent()
                        ? weights.asInCheckpoint(name, rows, hidden)
                        : weights.real(name, rows, hidden);
        String taken = graph.op("Gather", List.of(graph.tensor(table), INPUT_IDS));
        return table.type().orElseThrow() == weights.real()
                ? taken
                : graph.op("Cast", List.of(taken), OnnxAttribute.of("to", weights.real().code()));
    }

    /** Both results of one addition. */
    private record Sum(String normed, String sum) {}

    private Sum addAndNorm(String residual, String added, String norm) {
        String normed = graph.fresh("normed");
        String sum = graph.fresh("sum");
        graph.contrib(
                "SkipSimplifiedLayerNormalization",
                List.of(residual, added, vector(norm + ".weight", config.hidden())),
                List.of(normed, "", "", sum),
                epsilon());
        return new Sum(normed, sum);
    }

    /** Of ONNX Runtime too, though it stands in the standard's domain. */
    private String norm(String input, String weight, long width) {
        return graph.op(
                "SimplifiedLayerNormalization",
                List.of(input, vector(weight, width)),
                OnnxAttribute.of("axis", -1),
                epsilon(),
                OnnxAttribute.of("stash_type", 1));
    }

    private OnnxAttribute epsilon() {
        return OnnxAttribute.of("epsilon", (float) config.rmsEpsilon());
    }

    private String attention(String input, int i) {
        String query = query(input, layer(i));
        String key = keyOrValue(input, layer(i), "k_proj");
        String value = keyOrValue(input, layer(i), "v_proj");
        if (config.queryKeyNorm()) {
            query = headNorm(query, config.heads(), layer(i) + "self_attn.q_norm.weight");
            key = headNorm(key, config.kvHeads(), layer(i) + "self_attn.k_norm.weight");
        }
        String result = graph.fresh("attention");
        graph.contrib(
                "GroupQueryAttention",
                List.of(
                        query,
                        key,
                        value,
                        pastKey(i),
                        pastValue(i),
                        "seqlens_k",
                        "total_sequence_length",
                        graph.tensor(weights.cosines()),
                        graph.tensor(weights.sines())),
                List.of(result, presentKey(i), presentValue(i)),
                OnnxAttribute.of("num_heads", config.heads()),
                OnnxAttribute.of("kv_num_heads", config.kvHeads()),
                OnnxAttribute.of("do_rotary", 1),
                OnnxAttribute.of("rotary_interleaved", 0));
        return result;
    }

    /** Zeros in a shape keep the input's dimension. */
    private String headNorm(String input, long heads, String weight) {
        long width = config.headDim();
        String split = graph.op("Reshape", List.of(input, graph.numbers(0, 0, heads, width)));
        return graph.op(
                "Reshape", List.of(norm(split, weight, width), graph.numbers(0, 0, heads * width)));
    }

    @Override
    String product(String input, String matrix, long rows, long columns) {
        if (bits.isEmpty()) {
            return graph.contrib(
                    "FusedMatMul",
                    List.of(input, graph.tensor(weights.real(matrix, rows, columns))),
                    OnnxAttribute.of("transB", 1));
        }
        WeightStore.Blocks blocks = weights.blocks(matrix, bits.getAsInt(), rows, columns);
        return graph.contrib(
                "MatMulNBits",
                List.of(input, graph.tensor(blocks.numbers()), graph.tensor(blocks.scales())),
                OnnxAttribute.of("K", columns),
                OnnxAttribute.of("N", rows),
                OnnxAttribute.of("bits", bits.getAsInt()),
                OnnxAttribute.of("block_size", BlockQuantizer.BLOCK),
                // 0 leaves the activations alone, 4 makes them 8-bit integers.
                OnnxAttribute.of("accuracy_level", exactActivations ? 0 : 4));
    }
}
