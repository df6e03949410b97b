package io.rackmark.model.torchscript;

import io.rackmark.model.ModelConfig;
import io.rackmark.model.RopeScaling;
import io.rackmark.model.convert.RopeFactors;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Cosines and sines of the rotary embedding, [tokens, headDim]: as Hugging Face lays them out, both
 * halves of a row are the same.
 */
public final class RotaryTable {
    private final float[] frequencies; // [headDim / 2], radians per position

    private RotaryTable(float[] frequencies) {
        this.frequencies = frequencies;
    }

    /** The table of a configuration, scaled as it says. */
    public static RotaryTable of(ModelConfig config) {
        float[] frequencies = new float[config.headDim() / 2];
        float[] divisors = divisors(config);
        for (int i = 0; i < frequencies.length; i++) {
            double frequency = Math.pow(config.ropeTheta(), -2.0 * i / config.headDim());
            frequencies[i] = (float) (frequency / divisors[i]);
        }
        return new RotaryTable(frequencies);
    }

    private static float[] divisors(ModelConfig config) {
        return switch (config.ropeScaling()) {
            case RopeScaling.None _ -> filled(config, 1);
            case RopeScaling.Linear(double factor) -> filled(config, (float) factor);
            case RopeScaling.Llama3 llama3 -> RopeFactors.of(config, llama3);
        };
    }

    private static float[] filled(ModelConfig config, float value) {
        float[] all = new float[config.headDim() / 2];
        Arrays.fill(all, value);
        return all;
    }

    /** Fills [tokens, headDim] with cosines. */
    public void cosines(FloatBuffer target) {
        fill(target, Math::cos);
    }

    /** Fills [tokens, headDim] with sines. */
    public void sines(FloatBuffer target) {
        fill(target, Math::sin);
    }

    private void fill(FloatBuffer target, DoubleUnaryOperator function) {
        float[] row = new float[2 * frequencies.length];
        for (int position = 0; target.hasRemaining(); position++) {
            for (int i = 0; i < frequencies.length; i++) {
                double angle = position * (double) frequencies[i];
                row[i] = (float) function.applyAsDouble(angle);
                row[i + frequencies.length] = row[i];
            }
            target.put(row);
        }
    }
}
