package io.rackmark.engine.pytorch;

import io.rackmark.model.ModelConfig;
import io.rackmark.model.RopeScaling;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A decoder in plain loops, in double precision, all positions at once and without a cache. Written
 * from the papers' formulas and sharing no code with what it checks.
 */
final class ReferenceDecoder {
    private final ModelConfig config;
    private final Map<String, float[]> weights;

    ReferenceDecoder(ModelConfig config, Map<String, float[]> weights) {
        this.config = config;
        this.weights = weights;
    }

    /** Logits [vocabulary] after the last of these tokens. */
    float[] logits(int... tokens) {
        double[][] x = new double[tokens.length][];
        for (int i = 0; i < tokens.length; i++) {
            x[i] = row(weight("model.embed_tokens.weight"), tokens[i], config.hidden());
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            attend(x, prefix);
            feedForward(x, prefix);
        }
        double[] last = norm(x[tokens.length - 1], weight("model.norm.weight"));
        float[] output = weights.get("lm_head.weight");
        double[] logits =
                product(output != null ? output : weight("model.embed_tokens.weight"), last, null);
        float[] result = new float[logits.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) logits[i];
        }
        return result;
    }

    private void attend(double[][] x, String prefix) {
        int n = x.length;
        double[][] q = new double[n][];
        double[][] k = new double[n][];
        double[][] v = new double[n][];
        for (int i = 0; i < n; i++) {
            double[] h = norm(x[i], weight(prefix + "input_layernorm.weight"));
            q[i] = heads(linear(prefix + "self_attn.q_proj", h), prefix + "self_attn.q_norm", i);
            k[i] = heads(linear(prefix + "self_attn.k_proj", h), prefix + "self_attn.k_norm", i);
            v[i] = linear(prefix + "self_attn.v_proj", h);
        }
        for (int i = 0; i < n; i++) {
            double[] attended = new double[config.queryWidth()];
            for (int head = 0; head < config.heads(); head++) {
                attendHead(i, head, q, k, v, attended);
            }
            add(x[i], linear(prefix + "self_attn.o_proj", attended));
        }
    }

    private void attendHead(
            int i, int head, double[][] q, double[][] k, double[][] v, double[] attended) {
        int dim = config.headDim();
        int from = head * dim;
        int shared = head / (config.heads() / config.kvHeads()) * dim;
        double[] scores = new double[i + 1];
        double largest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j <= i; j++) {
            for (int d = 0; d < dim; d++) {
                scores[j] += q[i][from + d] * k[j][shared + d] / Math.sqrt(dim);
            }
            largest = Math.max(largest, scores[j]);
        }
        double sum = 0;
        for (int j = 0; j <= i; j++) {
            scores[j] = Math.exp(scores[j] - largest);
            sum += scores[j];
        }
        for (int j = 0; j <= i; j++) {
            for (int d = 0; d < dim; d++) {
                attended[from + d] += scores[j] / sum * v[j][shared + d];
            }
        }
    }

    /** Normalises each head, where the family does, and turns it by its position. */
    private double[] heads(double[] x, String norm, int position) {
        int dim = config.headDim();
        double[] result = new double[x.length];
        for (int from = 0; from < x.length; from += dim) {
            double[] head = Arrays.copyOfRange(x, from, from + dim);
            if (config.queryKeyNorm()) {
                head = norm(head, weight(norm + ".weight"));
            }
            for (int i = 0; i < dim / 2; i++) {
                double angle = position * frequency(i);
                double a = head[i];
                double b = head[i + dim / 2];
                result[from + i] = a * Math.cos(angle) - b * Math.sin(angle);
                result[from + i + dim / 2] = b * Math.cos(angle) + a * Math.sin(angle);
            }
        }
        return result;
    }

    private double frequency(int i) {
        double frequency = 1 / Math.pow(config.ropeTheta(), 2.0 * i / config.headDim());
        return switch (config.ropeScaling()) {
            case RopeScaling.None _ -> frequency;
            case RopeScaling.Linear(double factor) -> frequency / factor;
            case RopeScaling.Llama3 scaling -> {
                double turns = scaling.originalContext() * frequency / (2 * Math.PI);
                double kept =
                        (turns - scaling.lowFrequency())
                                / (scaling.highFrequency() - scaling.lowFrequency());
                double share = Math.clamp(kept, 0.0, 1.0);
                yield share * frequency + (1 - share) * frequency / scaling.factor();
            }
        };
    }

    private void feedForward(double[][] x, String prefix) {
        for (double[] position : x) {
            double[] h = norm(position, weight(prefix + "post_attention_layernorm.weight"));
            double[] gate = linear(prefix + "mlp.gate_proj", h);
            double[] up = linear(prefix + "mlp.up_proj", h);
            for (int i = 0; i < gate.length; i++) {
                gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
            }
            add(position, linear(prefix + "mlp.down_proj", gate));
        }
    }

    private double[] linear(String projection, double[] x) {
        return product(weight(projection + ".weight"), x, weights.get(projection + ".bias"));
    }

    private static double[] product(float[] matrix, double[] x, float @Nullable [] bias) {
        double[] y = new double[matrix.length / x.length];
        for (int row = 0; row < y.length; row++) {
            y[row] = bias == null ? 0 : bias[row];
            for (int column = 0; column < x.length; column++) {
                y[row] += matrix[row * x.length + column] * x[column];
            }
        }
        return y;
    }

    private double[] norm(double[] x, float[] weight) {
        double square = 0;
        for (double value : x) {
            square += value * value;
        }
        double scale = 1 / Math.sqrt(square / x.length + config.rmsEpsilon());
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] * scale * weight[i];
        }
        return y;
    }

    private static double[] row(float[] matrix, int index, int width) {
        double[] row = new double[width];
        for (int i = 0; i < width; i++) {
            row[i] = matrix[index * width + i];
        }
        return row;
    }

    private static void add(double[] to, double[] what) {
        for (int i = 0; i < to.length; i++) {
            to[i] += what[i];
        }
    }

    private float[] weight(String name) {
        float[] weight = weights.get(name);
        if (weight == null) {
            throw new AssertionError("no weight " + name);
        }
        return weight;
    }

    /** Root mean square of the difference over that of the expected values. */
    static double relativeRms(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            throw new AssertionError(actual.length + " values for " + expected.length);
        }
        double difference = 0;
        double size = 0;
        for (int i = 0; i < actual.length; i++) {
            difference += ((double) actual[i] - expected[i]) * ((double) actual[i] - expected[i]);
            size += (double) expected[i] * expected[i];
        }
        return Math.sqrt(difference / size);
    }
}
