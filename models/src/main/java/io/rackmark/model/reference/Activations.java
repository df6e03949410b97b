package io.rackmark.model.reference;

import io.rackmark.model.safetensors.SafetensorsTensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Values of several tokens, in double precision. A row holds one feature of all tokens, so that a
 * matrix product runs along tokens and every sum keeps its order.
 */
final class Activations {
    private final int features;
    private final int tokens;
    private final double[] values; // [features][tokens], row-major

    private Activations(int features, int tokens, double[] values) {
        this.features = features;
        this.tokens = tokens;
        this.values = values;
    }

    static Activations zeros(int features, int tokens) {
        return new Activations(features, tokens, new double[features * tokens]);
    }

    int features() {
        return features;
    }

    int tokens() {
        return tokens;
    }

    double get(int feature, int token) {
        return values[feature * tokens + token];
    }

    void set(int feature, int token, double value) {
        values[feature * tokens + token] = value;
    }

    /** The last {@code count} tokens alone. */
    Activations last(int count) {
        Activations tail = zeros(features, count);
        for (int feature = 0; feature < features; feature++) {
            System.arraycopy(
                    values, feature * tokens + tokens - count, tail.values, feature * count, count);
        }
        return tail;
    }

    /**
     * {@code weight × this}, in parallel over output features.
     *
     * @param weight [outputs, features]
     */
    Activations times(SafetensorsTensor weight) {
        int outputs = Math.toIntExact(weight.shape().getFirst());
        Activations product = zeros(outputs, tokens);
        IntStream.range(0, outputs)
                .parallel()
                .forEach(
                        output -> {
                            float[] row = new float[features];
                            weight.read((long) output * features, features, row);
                            double[] sums = new double[tokens];
                            for (int feature = 0; feature < features; feature++) {
                                addScaled(sums, row[feature], values, feature * tokens);
                            }
                            System.arraycopy(sums, 0, product.values, output * tokens, tokens);
                        });
        return product;
    }

    /** Along tokens, where the compiler vectorises it. */
    private static void addScaled(double[] sums, double factor, double[] values, int from) {
        for (int token = 0; token < sums.length; token++) {
            sums[token] += factor * values[from + token];
        }
    }

    /**
     * Adds a bias to every token.
     *
     * @param bias [features]
     */
    Activations plus(float[] bias) {
        double[] sums = values.clone();
        for (int feature = 0; feature < features; feature++) {
            for (int token = 0; token < tokens; token++) {
                sums[feature * tokens + token] += bias[feature];
            }
        }
        return new Activations(features, tokens, sums);
    }

    Activations plus(Activations other) {
        double[] sums = new double[values.length];
        Arrays.setAll(sums, i -> values[i] + other.values[i]);
        return new Activations(features, tokens, sums);
    }

    /** {@code silu(this) · other}, silu(x) = x / (1 + e⁻ˣ). */
    Activations gating(Activations other) {
        double[] gated = new double[values.length];
        Arrays.setAll(gated, i -> values[i] / (1 + Math.exp(-values[i])) * other.values[i]);
        return new Activations(features, tokens, gated);
    }

    /**
     * RMS normalisation of each token over consecutive groups of features.
     *
     * @param gain [group], the same for every group
     */
    Activations normalised(float[] gain, double epsilon) {
        Activations normal = zeros(features, tokens);
        for (int from = 0; from < features; from += gain.length) {
            for (int token = 0; token < tokens; token++) {
                double squares = 0;
                for (int i = 0; i < gain.length; i++) {
                    double value = get(from + i, token);
                    squares += value * value;
                }
                double scale = 1 / Math.sqrt(squares / gain.length + epsilon);
                for (int i = 0; i < gain.length; i++) {
                    normal.set(from + i, token, get(from + i, token) * scale * gain[i]);
                }
            }
        }
        return normal;
    }

    /**
     * Rotates each head's halves against each other by position.
     *
     * @param frequencies radians per position, [headDim / 2]
     */
    Activations rotated(double[] frequencies) {
        Activations rotated = zeros(features, tokens);
        int half = frequencies.length;
        for (int head = 0; head < features; head += 2 * half) {
            for (int i = 0; i < half; i++) {
                for (int token = 0; token < tokens; token++) {
                    double cos = Math.cos(token * frequencies[i]);
                    double sin = Math.sin(token * frequencies[i]);
                    double first = get(head + i, token);
                    double second = get(head + half + i, token);
                    rotated.set(head + i, token, first * cos - second * sin);
                    rotated.set(head + half + i, token, second * cos + first * sin);
                }
            }
        }
        return rotated;
    }
}
