package io.rackmark.model.convert;

import io.rackmark.model.ModelConfig;
import io.rackmark.model.RopeScaling;

/** {@code rope_freqs.weight}: divisors of the rotary frequencies, as Llama 3.1 defines them. */
public final class RopeFactors {
    private RopeFactors() {}

    /** One divisor per pair of head elements: [headDim / 2]. */
    public static float[] of(ModelConfig config, RopeScaling.Llama3 scaling) {
        float[] factors = new float[config.headDim() / 2];
        double lowWavelength = scaling.originalContext() / scaling.lowFrequency();
        double highWavelength = scaling.originalContext() / scaling.highFrequency();
        for (int i = 0; i < factors.length; i++) {
            double frequency = Math.pow(config.ropeTheta(), -2.0 * i / config.headDim());
            double wavelength = 2 * Math.PI / frequency;
            if (wavelength < highWavelength) {
                factors[i] = 1;
            } else if (wavelength > lowWavelength) {
                factors[i] = (float) scaling.factor();
            } else {
                double smooth =
                        (scaling.originalContext() / wavelength - scaling.lowFrequency())
                                / (scaling.highFrequency() - scaling.lowFrequency());
                factors[i] = (float) (1 / ((1 - smooth) / scaling.factor() + smooth));
            }
        }
        return factors;
    }
}
