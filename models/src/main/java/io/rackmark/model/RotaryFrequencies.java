package io.rackmark.model;

/** Rotary position frequencies, scaled as the configuration says. */
public final class RotaryFrequencies {
    private RotaryFrequencies() {}

    /** Radians per position of each pair of head elements: [headDim / 2]. */
    public static double[] of(ModelConfig config) {
        double[] frequencies = new double[config.headDim() / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double trained = Math.pow(config.ropeTheta(), -2.0 * i / config.headDim());
            frequencies[i] =
                    switch (config.ropeScaling()) {
                        case RopeScaling.None _ -> trained;
                        case RopeScaling.Linear(double factor) -> trained / factor;
                        case RopeScaling.Llama3 llama3 -> trained / divisor(llama3, trained);
                    };
        }
        return frequencies;
    }

    /**
     * Llama 3.1's scaling: waves longer than the original context over {@code lowFrequency} are
     * stretched, those shorter than over {@code highFrequency} kept, the others interpolated.
     * Source: Meta's reference code of Llama 3.1, {@code apply_scaling}.
     */
    private static double divisor(RopeScaling.Llama3 scaling, double frequency) {
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength < scaling.originalContext() / scaling.highFrequency()) {
            return 1;
        }
        if (wavelength > scaling.originalContext() / scaling.lowFrequency()) {
            return scaling.factor();
        }
        double smooth =
                (scaling.originalContext() / wavelength - scaling.lowFrequency())
                        / (scaling.highFrequency() - scaling.lowFrequency());
        return 1 / ((1 - smooth) / scaling.factor() + smooth);
    }
}
