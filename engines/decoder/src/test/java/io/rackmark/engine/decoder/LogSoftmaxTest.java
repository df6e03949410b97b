package io.rackmark.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LogSoftmaxTest {

    @Test
    void probabilitiesOfAQuarterAndAHalfAreTheirLogarithms() {
        LogSoftmax softmax = new LogSoftmax(2);
        float two = (float) Math.log(2);
        softmax.of(new float[] {5, 5 + two, 5, Float.NEGATIVE_INFINITY});
        assertThat(softmax.logprob(0)).isCloseTo(-1.3862943611, within(1e-7));
        assertThat(softmax.logprob(1)).isCloseTo(-0.6931471806, within(1e-7));
        assertThat(softmax.likeliest()).containsExactly(1, 0);
    }

    @Test
    void whatHasNoProbabilityIsNotAmongTheLikeliest() {
        LogSoftmax softmax = new LogSoftmax(3);
        float never = Float.NEGATIVE_INFINITY;
        softmax.of(new float[] {never, -3, never, -3, never});
        assertThat(softmax.likeliest()).containsExactly(1, 3);
        assertThat(softmax.logprob(1)).isCloseTo(-Math.log(2), within(1e-12));
        softmax.of(new float[] {0, never, never, never, never});
        assertThat(softmax.likeliest()).containsExactly(0);
        assertThat(softmax.logprob(0)).isZero();
    }

    @Test
    void hugeLogitsDoNotOverflow() {
        LogSoftmax softmax = new LogSoftmax(0);
        softmax.of(new float[] {3e38f, -3e38f, 3e38f});
        assertThat(softmax.logprob(2)).isCloseTo(-Math.log(2), within(1e-12));
        assertThat(softmax.likeliest()).isEmpty();
    }

    @Test
    void theLikeliestAreThoseThatSortingFinds() {
        Random random = new Random(4);
        LogSoftmax softmax = new LogSoftmax(20);
        for (int round = 0; round < 100; round++) {
            float[] logits = new float[10 + random.nextInt(500)];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = random.nextInt(40) - 20; // with ties
            }
            int[] sorted =
                    IntStream.range(0, logits.length)
                            .boxed()
                            .sorted((a, b) -> Float.compare(logits[b], logits[a]))
                            .limit(20)
                            .mapToInt(Integer::intValue)
                            .toArray();
            softmax.of(logits);
            assertThat(softmax.likeliest()).isEqualTo(sorted);
        }
    }
}
