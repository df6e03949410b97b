package io.rackmark.engine.onnxruntime;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.RopeScaling;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The forward pass spelt out in plain Java and double precision, one token after the other. Shares
 * no code with what it checks but the readers of the checkpoint.
 */
final class ReferenceModel {
    private final ModelConfig config;
    private final Map<String, double[]> weights = new HashMap<>();

    ReferenceModel(Checkpoint checkpoint) {
        config = checkpoint.config();
        try (CheckpointWeights opened = checkpoint.openWeights()) {
            opened.tensors().forEach((name, tensor) -> weights.put(name, values(tensor)));
        }
    }

    private static double[] values(SafetensorsTensor tensor) {
        float[] floats = new float[Math.toIntExact(tensor.elements())];
        tensor.read(0, floats.length, floats);
        double[] values = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            values[i] = floats[i];
        }
        return values;
    }

    private double[] weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    /** Logits after the last of the tokens. */
    double[] logits(int... tokens) {
        List<List<double[]>> keys = new ArrayList<>(); // [layers][positions][kvHeads * headDim]
        List<List<double[]>> values = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            keys.add(new ArrayList<>());
            values.add(new ArrayList<>());
        }
        double[] state = {};
        for (int position = 0; position < tokens.length; position++) {
            state = row("model.embed_tokens.weight", tokens[position], config.hidden());
            for (int layer = 0; layer < config.layers(); layer++) {
                block(layer, position, state, keys.get(layer), values.get(layer));
            }
        }
        String head = config.tiedEmbeddings() ? "model.embed_tokens" : "lm_head";
        return project(head, norm(state, "model.norm.weight"), config.vocabulary());
    }

    private double[] row(String name, int index, int width) {
        return java.util.Arrays.copyOfRange(weight(name), index * width, (index + 1) * width);
    }

    /** Adds attention and feed-forward of one layer to the state. */
    private void block(
            int layer, int position, double[] state, List<double[]> keys, List<double[]> values) {
        String name = "model.layers." + layer + ".";
        String attention = name + "self_attn.";
        int headDim = config.headDim();
        double[] x = norm(state, name + "input_layernorm.weight");
        double[] query = project(attention + "q_proj", x, config.heads() * headDim);
        double[] key = project(attention + "k_proj", x, config.kvHeads() * headDim);
        if (config.queryKeyNorm()) {
            normHeads(query, attention + "q_norm.weight");
            normHeads(key, attention + "k_norm.weight");
        }
        rotate(query, position);
        rotate(key, position);
        keys.add(key);
        values.add(project(attention + "v_proj", x, config.kvHeads() * headDim));
        add(state, project(attention + "o_proj", mix(query, keys, values), config.hidden()));
        double[] y = norm(state, name + "post_attention_layernorm.weight");
        double[] gate = project(name + "mlp.gate_proj", y, config.ffn());
        double[] up = project(name + "mlp.up_proj", y, config.ffn());
        for (int i = 0; i < gate.length; i++) {
            gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
        }
        add(state, project(name + "mlp.down_proj", gate, config.hidden()));
    }

    private double[] mix(double[] query, List<double[]> keys, List<double[]> values) {
        int headDim = config.headDim();
        double[] mixed = new double[query.length];
        for (int head = 0; head < config.heads(); head++) {
            int shared = head / (config.heads() / config.kvHeads()) * headDim;
            double[] scores = new double[keys.size()];
            double total = 0;
            for (int t = 0; t < scores.length; t++) {
                double dot = 0;
                for (int i = 0; i < headDim; i++) {
                    dot += query[head * headDim + i] * keys.get(t)[shared + i];
                }
                scores[t] = Math.exp(dot / Math.sqrt(headDim));
                total += scores[t];
            }
            for (int t = 0; t < scores.length; t++) {
                for (int i = 0; i < headDim; i++) {
                    mixed[head * headDim + i] += scores[t] / total * values.get(t)[shared + i];
                }
            }
        }
        return mixed;
    }

    private static void add(double[] state, double[] added) {
        for (int i = 0; i < state.length; i++) {
            state[i] += added[i];
        }
    }

    private double[] project(String name, double[] x, int rows) {
        double[] matrix = weight(name + ".weight");
        double[] bias = weights.getOrDefault(name + ".bias", new double[rows]);
        double[] result = bias.clone();
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < x.length; i++) {
                result[r] += matrix[r * x.length + i] * x[i];
            }
        }
        return result;
    }

    private double[] norm(double[] x, String weight) {
        double[] result = x.clone();
        scale(result, 0, x.length, weight(weight));
        return result;
    }

    private void normHeads(double[] x, String weight) {
        for (int start = 0; start < x.length; start += config.headDim()) {
            scale(x, start, config.headDim(), weight(weight));
        }
    }

    private void scale(double[] x, int start, int length, double[] weight) {
        double squares = 0;
        for (int i = start; i < start + length; i++) {
            squares += x[i] * x[i];
        }
        double root = Math.sqrt(squares / length + config.rmsEpsilon());
        for (int i = 0; i < length; i++) {
            x[start + i] = x[start + i] / root * weight[i];
        }
    }

    private void rotate(double[] x, int position) {
        int half = config.headDim() / 2;
        for (int start = 0; start < x.length; start += config.headDim()) {
            for (int i = 0; i < half; i++) {
                double angle = position * frequency(i);
                double a = x[start + i];
                double b = x[start + half + i];
                x[start + i] = a * Math.cos(angle) - b * Math.sin(angle);
                x[start + half + i] = b * Math.cos(angle) + a * Math.sin(angle);
            }
        }
    }

    private double frequency(int i) {
        double plain = 1 / Math.pow(config.ropeTheta(), 2.0 * i / config.headDim());
        return switch (config.ropeScaling()) {
            case RopeScaling.None _ -> plain;
            case RopeScaling.Linear linear -> plain / linear.factor();
            case RopeScaling.Llama3 scaling -> stretched(plain, scaling);
        };
    }

    /** As in the published modelling code of Llama 3.1. */
    private static double stretched(double plain, RopeScaling.Llama3 scaling) {
        double turns = scaling.originalContext() * plain / (2 * Math.PI);
        if (turns > scaling.highFrequency()) {
            return plain;
        }
        if (turns < scaling.lowFrequency()) {
            return plain / scaling.factor();
        }
        double smooth =
                (turns - scaling.lowFrequency())
                        / (scaling.highFrequency() - scaling.lowFrequency());
        return (1 - smooth) * plain / scaling.factor() + smooth * plain;
    }
}
