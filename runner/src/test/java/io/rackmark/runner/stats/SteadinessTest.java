package io.rackmark.runner.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SteadinessTest {
    @Test
    void theSpreadIsThatOfTheLastThreeInPercentOfTheLeast() {
        assertThat(Steadiness.spreadPercent(new double[] {900, 100, 104, 102}))
                .isCloseTo(4, within(1e-12));
        assertThat(Steadiness.spreadPercent(new double[] {7, 7, 7})).isZero();
    }

    @Test
    void tooFewValuesAreNeverSteady() {
        assertThat(Steadiness.spreadPercent(new double[] {7, 7})).isInfinite();
        assertThat(Steadiness.spreadPercent(new double[] {0, 0, 0})).isInfinite();
    }
}
