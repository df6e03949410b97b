package io.rackmark.runner.stats;

/** Sums over samples, and the check that they are numbers. */
final class Samples {
    private Samples() {}

    /** A copy without NaN and infinities, which would silently poison every figure. */
    static double[] checked(double[] samples) {
        for (int i = 0; i < samples.length; i++) {
            if (!Double.isFinite(samples[i])) {
                throw new IllegalArgumentException(
                        "sample %d is %s; leave out what was not measured"
                                .formatted(i, samples[i]));
            }
        }
        return samples.clone();
    }

    static double mean(double[] samples) {
        double sum = 0;
        for (double sample : samples) {
            sum += sample;
        }
        return sum / samples.length;
    }

    /** With the divisor n - 1; needs two samples. */
    static double variance(double[] samples) {
        double mean = mean(samples);
        double squares = 0;
        for (double sample : samples) {
            squares += (sample - mean) * (sample - mean);
        }
        return squares / (samples.length - 1);
    }
}
