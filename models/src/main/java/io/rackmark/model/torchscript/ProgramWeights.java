package io.rackmark.model.torchscript;

import io.rackmark.model.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weights of a {@link DecoderProgram} in the order of its list: the embedding, every layer's
 * weights, the last norm and, unless it is the embedding, the output matrix.
 */
public final class ProgramWeights {
    private final List<Weight> layer; // names without "model.layers.N."
    private final List<Weight> all;

    /**
     * One weight.
     *
     * @param name in the checkpoint
     * @param shape outermost dimension first
     */
    public record Weight(String name, List<Long> shape) {
        public Weight {
            shape = List.copyOf(shape);
        }
    }

    private ProgramWeights(List<Weight> layer, List<Weight> all) {
        this.layer = List.copyOf(layer);
        this.all = List.copyOf(all);
    }

    /** The weights of a model of this configuration. */
    public static ProgramWeights of(ModelConfig config) {
        List<Weight> layer = layer(config);
        List<Weight> all = new ArrayList<>();
        add(all, "model.embed_tokens.weight", config.vocabulary(), config.hidden());
        for (int i = 0; i < config.layers(); i++) {
            for (Weight weight : layer) {
                all.add(new Weight("model.layers." + i + "." + weight.name(), weight.shape()));
            }
        }
        add(all, "model.norm.weight", config.hidden());
        if (!config.tiedEmbeddings()) {
            add(all, "lm_head.weight", config.vocabulary(), config.hidden());
        }
        return new ProgramWeights(layer, all);
    }

    private static List<Weight> layer(ModelConfig config) {
        List<Weight> layer = new ArrayList<>();
        long hidden = config.hidden();
        long query = config.queryWidth();
        long keyValue = config.keyValueWidth();
        boolean bias = config.queryKeyValueBias();
        add(layer, "input_layernorm.weight", hidden);
        projection(layer, "self_attn.q_proj", query, hidden, bias);
        projection(layer, "self_attn.k_proj", keyValue, hidden, bias);
        projection(layer, "self_attn.v_proj", keyValue, hidden, bias);
        if (config.queryKeyNorm()) {
            add(layer, "self_attn.q_norm.weight", config.headDim());
            add(layer, "self_attn.k_norm.weight", config.headDim());
        }
        projection(layer, "self_attn.o_proj", hidden, query, config.outputBias());
        add(layer, "post_attention_layernorm.weight", hidden);
        projection(layer, "mlp.gate_proj", config.ffn(), hidden, config.mlpBias());
        projection(layer, "mlp.up_proj", config.ffn(), hidden, config.mlpBias());
        projection(layer, "mlp.down_proj", hidden, config.ffn(), config.mlpBias());
        return layer;
    }

    private static void projection(
            List<Weight> to, String name, long rows, long columns, boolean bias) {
        add(to, name + ".weight", rows, columns);
        if (bias) {
            add(to, name + ".bias", rows);
        }
    }

    private static void add(List<Weight> to, String name, long... shape) {
        to.add(new Weight(name, Arrays.stream(shape).boxed().toList()));
    }

    /** All weights in order. */
    public List<Weight> all() {
        return all;
    }

    /** Weights of one layer. */
    public int perLayer() {
        return layer.size();
    }

    /**
     * Place of a weight among those of its layer, such as {@code mlp.up_proj.bias}; -1 when the
     * configuration has none.
     */
    public int inLayer(String name) {
        for (int i = 0; i < layer.size(); i++) {
            if (layer.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Place of the first weight of a layer. */
    public int layerStart(int index) {
        return 1 + index * layer.size();
    }

    /** Place of the last norm. */
    public int lastNorm(ModelConfig config) {
        return layerStart(config.layers());
    }

    /** Place of the output matrix, which may be the embedding. */
    public int output(ModelConfig config) {
        return config.tiedEmbeddings() ? 0 : lastNorm(config) + 1;
    }
}
