package io.rackmark.model.reference;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.RotaryFrequencies;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A checkpoint computed in double precision from the weights as stored, without a cache: every call
 * computes all tokens anew. Families as {@link ModelConfig} describes them.
 *
 * <p>Source of the arithmetic: the Llama paper (arXiv 2302.13971) and the published configurations;
 * grouped-query attention: arXiv 2305.13245.
 */
public final class ReferenceModel implements AutoCloseable {
    private final ModelConfig config;
    private final CheckpointWeights weights;
    private final double[] frequencies; // [headDim / 2]

    private ReferenceModel(ModelConfig config, CheckpointWeights weights) {
        this.config = config;
        this.weights = weights;
        this.frequencies = RotaryFrequencies.of(config);
    }

    /**
     * Maps the weights.
     *
     * @throws io.rackmark.model.ModelException when they are damaged
     */
    public static ReferenceModel open(Checkpoint checkpoint) {
        return new ReferenceModel(checkpoint.config(), checkpoint.openWeights());
    }

    /**
     * Logits after the last {@code rows} tokens.
     *
     * @param tokens ids below the vocabulary's size
     * @param rows 1 to the number of tokens
     * @return [rows][vocabulary]
     * @throws io.rackmark.model.ModelException when a tensor is missing or has another shape
     */
    public float[][] logits(List<Integer> tokens, int rows) {
        Activations x = embedded(tokens);
        for (int layer = 0; layer < config.layers(); layer++) {
            String name = "model.layers." + layer + ".";
            x = x.plus(attention(name + "self_attn.", normal(x, name + "input_layernorm")));
            x = x.plus(feedForward(name + "mlp.", normal(x, name + "post_attention_layernorm")));
        }
        String output = config.tiedEmbeddings() ? "model.embed_tokens" : "lm_head";
        Activations scores =
                normal(x.last(rows), "model.norm")
                        .times(matrix(output, config.vocabulary(), config.hidden()));
        float[][] logits = new float[rows][config.vocabulary()];
        for (int row = 0; row < rows; row++) {
            for (int id = 0; id < config.vocabulary(); id++) {
                logits[row][id] = (float) scores.get(id, row);
            }
        }
        return logits;
    }

    @Override
    public void close() {
        weights.close();
    }

    private Activations embedded(List<Integer> tokens) {
        int hidden = config.hidden();
        SafetensorsTensor table = matrix("model.embed_tokens", config.vocabulary(), hidden);
        Activations x = Activations.zeros(hidden, tokens.size());
        float[] row = new float[hidden];
        for (int token = 0; token < tokens.size(); token++) {
            table.read((long) tokens.get(token) * hidden, hidden, row);
            for (int feature = 0; feature < hidden; feature++) {
                x.set(feature, token, row[feature]);
            }
        }
        return x;
    }

    private Activations attention(String name, Activations x) {
        boolean bias = config.queryKeyValueBias();
        Activations query = projected(name + "q_proj", x, config.queryWidth(), bias);
        Activations key = projected(name + "k_proj", x, config.keyValueWidth(), bias);
        Activations value = projected(name + "v_proj", x, config.keyValueWidth(), bias);
        if (config.queryKeyNorm()) {
            query = query.normalised(vector(name + "q_norm.weight", config.headDim()), epsilon());
            key = key.normalised(vector(name + "k_norm.weight", config.headDim()), epsilon());
        }
        Activations mixed = mixed(query.rotated(frequencies), key.rotated(frequencies), value);
        return projected(name + "o_proj", mixed, config.hidden(), config.outputBias());
    }

    /** Causal softmax attention of every head. */
    private Activations mixed(Activations query, Activations key, Activations value) {
        Activations mixed = Activations.zeros(query.features(), query.tokens());
        int group = config.heads() / config.kvHeads();
        IntStream.range(0, config.heads())
                .parallel()
                .forEach(
                        head -> {
                            int from = head * config.headDim();
                            int shared = head / group * config.headDim();
                            for (int token = 0; token < query.tokens(); token++) {
                                double[] share = shares(query, from, key, shared, token);
                                for (int i = 0; i < config.headDim(); i++) {
                                    double sum = 0;
                                    for (int past = 0; past <= token; past++) {
                                        sum += share[past] * value.get(shared + i, past);
                                    }
                                    mixed.set(from + i, token, sum);
                                }
                            }
                        });
        return mixed;
    }

    /** How much the token's head attends to itself and each earlier token: [token + 1]. */
    private double[] shares(Activations query, int from, Activations key, int shared, int token) {
        double[] shares = new double[token + 1];
        double greatest = Double.NEGATIVE_INFINITY;
        for (int past = 0; past <= token; past++) {
            for (int i = 0; i < config.headDim(); i++) {
                shares[past] += query.get(from + i, token) * key.get(shared + i, past);
            }
            shares[past] /= Math.sqrt(config.headDim());
            greatest = Math.max(greatest, shares[past]);
        }
        double total = 0;
        for (int past = 0; past <= token; past++) {
            shares[past] = Math.exp(shares[past] - greatest);
            total += shares[past];
        }
        for (int past = 0; past <= token; past++) {
            shares[past] /= total;
        }
        return shares;
    }

    private Activations feedForward(String name, Activations x) {
        Activations gate = projected(name + "gate_proj", x, config.ffn(), config.mlpBias());
        Activations up = projected(name + "up_proj", x, config.ffn(), config.mlpBias());
        return projected(name + "down_proj", gate.gating(up), config.hidden(), config.mlpBias());
    }

    private Activations projected(String name, Activations x, int outputs, boolean bias) {
        Activations product = x.times(matrix(name, outputs, x.features()));
        return bias ? product.plus(vector(name + ".bias", outputs)) : product;
    }

    private Activations normal(Activations x, String name) {
        return x.normalised(vector(name + ".weight", config.hidden()), epsilon());
    }

    private double epsilon() {
        return config.rmsEpsilon();
    }

    private SafetensorsTensor matrix(String name, long rows, long columns) {
        return weights.require(name + ".weight", List.of(rows, columns));
    }

    private float[] vector(String name, int size) {
        float[] values = new float[size];
        weights.require(name, List.of((long) size)).read(0, size, values);
        return values;
    }
}
