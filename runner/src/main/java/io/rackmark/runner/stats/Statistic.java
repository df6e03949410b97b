package io.rackmark.runner.stats;

import java.util.Arrays;

/** What a bootstrap estimates. */
public enum Statistic {
    MEAN {
        @Override
        double of(double[] samples) {
            return Samples.mean(samples);
        }
    },
    MEDIAN {
        @Override
        double of(double[] samples) {
            Arrays.sort(samples);
            return Percentile.quantile(samples, 0.5);
        }
    };

    /** May reorder the samples. */
    abstract double of(double[] samples);
}
