package io.rackmark.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.Sampling;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SamplerTest {
    private static final float[] LOGITS = {1, 4, 2, 3, 0};

    @Test
    void greedyTakesTheGreatestAndOfEqualOnesTheFirst() {
        Sampler sampler = new Sampler(Sampling.GREEDY);
        assertThat(sampler.next(LOGITS)).isEqualTo(1);
        assertThat(sampler.next(new float[] {-3, -1, -1, -2})).isEqualTo(1);
        assertThat(sampler.next(new float[] {Float.NEGATIVE_INFINITY, -9})).isEqualTo(1);
    }

    @Test
    void logitsThatAreNotFiniteAreRefused() {
        Sampler sampler = new Sampler(Sampling.GREEDY);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            float[] logits = new float[100];
            logits[60] = bad;
            assertThatThrownBy(() -> sampler.next(logits))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining(Float.toString(bad));
        }
    }

    @Test
    void frequenciesFollowTheSoftmax() {
        double[] expected = new double[LOGITS.length];
        double total = 0;
        for (int i = 0; i < LOGITS.length; i++) {
            expected[i] = Math.exp(LOGITS[i] / 2.0);
            total += expected[i];
        }
        double[] seen = frequencies(new Sampling(2, 0, 1, 5));
        for (int i = 0; i < LOGITS.length; i++) {
            assertThat(seen[i]).isCloseTo(expected[i] / total, within(0.02));
        }
    }

    @Test
    void topKKeepsTheBest() {
        double[] seen = frequencies(new Sampling(5, 2, 1, 5));
        assertThat(seen[1] + seen[3]).isCloseTo(1, within(1e-9));
        assertThat(seen[3]).isPositive();
    }

    @Test
    void topPKeepsTheSmallestSetThatReachesIt() {
        // At temperature 1 the shares are 64, 24, 9, 3 and 1 percent.
        double[] seen = frequencies(new Sampling(1, 0, 0.8, 5));
        assertThat(seen[1] + seen[3]).isCloseTo(1, within(1e-9));
        assertThat(frequencies(new Sampling(1, 0, 0.5, 5))[1]).isCloseTo(1, within(1e-9));
    }

    @Test
    void sameSeedDrawsTheSameTokens() {
        Random random = new Random(3);
        Sampler one = new Sampler(new Sampling(0.8, 50, 0.9, 11));
        Sampler two = new Sampler(new Sampling(0.8, 50, 0.9, 11));
        for (int round = 0; round < 50; round++) {
            float[] logits = new float[500];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) random.nextGaussian() * 5;
            }
            assertThat(two.next(logits)).isEqualTo(one.next(logits));
        }
    }

    @Test
    void hugeLogitsDoNotOverflow() {
        float[] logits = {3e38f, -3e38f, 1};
        assertThat(new Sampler(new Sampling(1e-6, 0, 0.9, 1)).next(logits)).isZero();
    }

    private static double[] frequencies(Sampling sampling) {
        Sampler sampler = new Sampler(sampling);
        double[] seen = new double[LOGITS.length];
        int draws = 20_000;
        for (int i = 0; i < draws; i++) {
            seen[sampler.next(LOGITS)] += 1.0 / draws;
        }
        return seen;
    }
}
