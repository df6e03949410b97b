package io.rackmark.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

/** How far logits are from what they should be. */
final class Logits {
    private Logits() {}

    /** Root mean square of the difference by that of the reference. */
    static double relativeError(float[] actual, double[] reference) {
        assertThat(actual).hasSize(reference.length);
        double difference = 0;
        double size = 0;
        for (int i = 0; i < actual.length; i++) {
            difference += (actual[i] - reference[i]) * (actual[i] - reference[i]);
            size += reference[i] * reference[i];
        }
        assertThat(size).isPositive();
        return Math.sqrt(difference / size);
    }

    static double relativeError(float[] actual, float[] reference) {
        double[] wide = new double[reference.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = reference[i];
        }
        return relativeError(actual, wide);
    }
}
