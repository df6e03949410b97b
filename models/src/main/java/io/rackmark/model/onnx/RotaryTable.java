package io.rackmark.model.onnx;

import io.rackmark.model.ModelConfig;
import io.rackmark.model.RopeScaling;
import io.rackmark.model.convert.RopeFactors;

/**
 * Cosines and sines of the rotary embedding: one row per position, one element per pair of head
 * elements. Frequencies and angles are rounded to 32 bits, as the models were trained.
 */
final class RotaryTable {
    private final float[] frequencies; // [headDim / 2]

    RotaryTable(ModelConfig config) {
        int half = config.headDim() / 2;
        float[] divisors =
                switch (config.ropeScaling()) {
                    case RopeScaling.None _ -> filled(half, 1);
                    case RopeScaling.Linear linear -> filled(half, (float) linear.factor());
                    case RopeScaling.Llama3 scaling -> RopeFactors.of(config, scaling);
                };
        frequencies = new float[half];
        for (int i = 0; i < half; i++) {
            double frequency = Math.pow(config.ropeTheta(), -2.0 * i / config.headDim());
            frequencies[i] = (float) frequency / divisors[i];
        }
    }

    private static float[] filled(int length, float value) {
        float[] values = new float[length];
        java.util.Arrays.fill(values, value);
        return values;
    }

    /** Elements of one row. */
    int width() {
        return frequencies.length;
    }

    void cosines(int position, float[] row) {
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) Math.cos(position * frequencies[i]);
        }
    }

    void sines(int position, float[] row) {
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) Math.sin(position * frequencies[i]);
        }
    }
}
