package io.rackmark.model.synth;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The values of one tensor, from front to back. Each is a whole number of 8 bits times a power of
 * two, so that bfloat16 holds it exactly. A product with a normalised vector has elements of about
 * one, whatever the depth of the model: RMS normalisation comes before each.
 */
final class RandomTensor {
    /** Standard deviation of a uniform whole number from -128 to 127. */
    private static final double DEVIATION = 73.9;

    /** Small against the products they are added to. */
    private static final float BIAS_STEP = 0x1p-12f;

    private final boolean ones;
    private final float step;
    private long state;

    /**
     * @param shape outermost dimension first; vectors are normalisation weights, all one, or biases
     */
    RandomTensor(String name, List<Long> shape, long seed) {
        ones = name.endsWith("norm.weight");
        step = shape.size() == 1 ? BIAS_STEP : stepFor(shape.getLast());
        CRC32 hash = new CRC32();
        hash.update(name.getBytes(StandardCharsets.UTF_8));
        state = seed * 0x9E3779B97F4A7C15L ^ hash.getValue() << 32;
    }

    /** The power of two that brings the deviation nearest to 1 / sqrt(columns). */
    private static float stepFor(long columns) {
        double wanted = 1 / (DEVIATION * Math.sqrt((double) columns));
        return (float) Math.pow(2, Math.rint(Math.log(wanted) / Math.log(2)));
    }

    /** Fills {@code values[0 … count)} with the next elements; count is a multiple of 8 or last. */
    void next(float[] values, int count) {
        for (int i = 0; i < count; i += 8) {
            long bits = ones ? 0 : random();
            for (int j = i; j < Math.min(i + 8, count); j++) {
                values[j] = ones ? 1 : (byte) bits * step;
                bits >>>= 8;
            }
        }
    }

    /** SplitMix64 (Steele, Lea and Flood 2014): one addition and three mixing steps. */
    private long random() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
