package io.rackmark.runner.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static double[] normal(long seed, int n, double mean, double deviation) {
        Random random = new Random(seed);
        return random.doubles(n).map(ignored -> mean + deviation * random.nextGaussian()).toArray();
    }

    @Test
    void percentilesBelowTheirFloorAreAbsentWithTheReason() {
        Map<String, Integer> floors =
                Map.of("P50", 11, "P75", 24, "P90", 64, "P95", 130, "P99", 662);
        for (Percentile percentile : Percentile.values()) {
            int floor = Objects.requireNonNull(floors.get(percentile.name()));
            Estimate absent = percentile.of(new double[floor - 1]);
            assertThat(absent.value()).isNull();
            assertThat(absent.reason()).isEqualTo("needs n >= " + floor + ", have " + (floor - 1));
            assertThat(percentile.of(new double[floor]).value()).isZero();
        }
    }

    @Test
    void functionsLeaveTheirSamplesAlone() {
        double[] samples = normal(1, 50, 10, 2);
        double[] copy = samples.clone();
        Percentile.P50.of(samples);
        Bootstrap.interval(samples, Statistic.MEDIAN, 1);
        Bootstrap.paired(samples, samples, Statistic.MEDIAN, 1);
        Welch.test(samples, samples);
        Variation.of(samples);
        assertThat(samples).containsExactly(copy);
    }

    @Test
    void whatIsNoNumberIsRefused() {
        double[] samples = new double[20];
        for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            samples[7] = wrong;
            assertThatThrownBy(() -> Percentile.P50.of(samples)).hasMessageContaining("sample 7");
            assertThatThrownBy(() -> Bootstrap.interval(samples, Statistic.MEAN, 1))
                    .hasMessageContaining("sample 7");
            assertThatThrownBy(() -> Welch.test(samples, samples)).hasMessageContaining("sample 7");
            assertThatThrownBy(() -> Variation.of(samples)).hasMessageContaining("sample 7");
        }
    }

    @Test
    void theSameSeedGivesTheSameIntervalAndAnotherSeedNearlyTheSame() {
        double[] samples = normal(2, 30, 100, 10);
        Estimate one = Bootstrap.interval(samples, Statistic.MEAN, 5);
        assertThat(Bootstrap.interval(samples, Statistic.MEAN, 5)).isEqualTo(one);
        Estimate other = Bootstrap.interval(samples, Statistic.MEAN, 6);
        assertThat(other).isNotEqualTo(one);
        assertThat(other.value()).isEqualTo(one.value());
        assertThat(other.low()).isCloseTo(one.low(), within(0.3));
    }

    @Test
    void degenerateSamplesHaveDegenerateIntervals() {
        Estimate constant = Bootstrap.interval(new double[] {3, 3, 3}, Statistic.MEAN, 1);
        assertThat(constant).isEqualTo(new Estimate(3.0, 3.0, 3.0, 3, null));
        assertThat(Bootstrap.interval(new double[] {4}, Statistic.MEDIAN, 1))
                .isEqualTo(new Estimate(4.0, null, null, 1, null));
        assertThat(Bootstrap.interval(new double[0], Statistic.MEAN, 1).reason())
                .isEqualTo("needs n >= 1, have 0");
        Estimate two = Bootstrap.interval(new double[] {1, 2}, Statistic.MEDIAN, 1);
        assertThat(two.low()).isBetween(1.0, 1.5);
        assertThat(two.high()).isBetween(1.5, 2.0);
    }

    @Test
    void intervalsHoldTheTruthAboutAsOftenAsTheySay() {
        int held = 0;
        for (int i = 0; i < 100; i++) {
            Estimate estimate = Bootstrap.interval(normal(i, 30, 50, 5), Statistic.MEAN, i);
            double low = Objects.requireNonNull(estimate.low());
            double high = Objects.requireNonNull(estimate.high());
            held += low <= 50 && 50 <= high ? 1 : 0;
        }
        assertThat(held).isBetween(85, 100);
    }

    @Test
    void pairedDifferencesFarFromZeroHaveASmallP() {
        double[] a = normal(3, 25, 100, 20);
        double[] slower = Arrays.stream(a).map(value -> value + 5).toArray();
        Comparison same = Bootstrap.paired(a, a, Statistic.MEAN, 1);
        assertThat(same.p()).isEqualTo(1.0);
        assertThat(same.difference().value()).isZero();
        Comparison shifted = Bootstrap.paired(a, slower, Statistic.MEAN, 1);
        assertThat(shifted.p()).isLessThan(0.001).isPositive();
        assertThat(shifted.difference().value()).isCloseTo(-5, within(1e-9));
        assertThat(Bootstrap.paired(new double[] {1}, new double[] {2}, Statistic.MEAN, 1).p())
                .isNull();
        assertThatThrownBy(() -> Bootstrap.paired(a, new double[3], Statistic.MEAN, 1))
                .hasMessageContaining("25 and 3");
    }

    @Test
    void welchOfConstantsIsCertain() {
        double[] one = {1, 1, 1};
        double[] two = {2, 2};
        assertThat(Welch.test(one, one).p()).isEqualTo(1.0);
        assertThat(Welch.test(one, two).p()).isZero();
        assertThat(Welch.test(one, two).cohensD()).isNull();
        assertThat(Welch.test(one, new double[] {1}).difference().reason())
                .isEqualTo("needs n >= 2, have 1");
    }

    @Test
    void mcNemarWithoutDisagreementSeesNoDifference() {
        assertThat(McNemar.exact(0, 0)).isEqualTo(1);
    }

    @Test
    void sharesOfNothingAreAbsent() {
        assertThat(Proportion.wilson(0, 0).reason()).isEqualTo("needs n >= 1, have 0");
        assertThatThrownBy(() -> Proportion.wilson(3, 2))
                .hasMessageContaining("3.0 successes of 2");
    }

    @Test
    void holmKeepsTheOrderGivenAndNeverFalls() {
        // Worked by hand: 4 * 0.005, max(3 * 0.01, …), max(2 * 0.03, …), max(0.04, 0.06).
        assertThat(Holm.adjust(new double[] {0.01, 0.04, 0.03, 0.005}))
                .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
        assertThat(Holm.adjust(new double[] {0.9, 0.8})).containsExactly(1, 1);
        assertThat(Holm.adjust(new double[0])).isEmpty();
        assertThatThrownBy(() -> Holm.adjust(new double[] {Double.NaN}))
                .hasMessageContaining("NaN");
    }

    @Test
    void verdictsFollowTheDirectionOfTheMetric() {
        assertThat(Verdict.of(-5, 0.01, Verdict.Better.LOWER)).isEqualTo(Verdict.A_BETTER);
        assertThat(Verdict.of(5, 0.01, Verdict.Better.LOWER)).isEqualTo(Verdict.B_BETTER);
        assertThat(Verdict.of(5, 0.01, Verdict.Better.HIGHER)).isEqualTo(Verdict.A_BETTER);
        assertThat(Verdict.of(-5, 0.01, Verdict.Better.HIGHER)).isEqualTo(Verdict.B_BETTER);
        assertThat(Verdict.of(5, 0.05, Verdict.Better.HIGHER))
                .isEqualTo(Verdict.NOT_DISTINGUISHABLE);
        assertThat(Verdict.of(0, 0, Verdict.Better.HIGHER)).isEqualTo(Verdict.NOT_DISTINGUISHABLE);
        assertThat(Verdict.of(1, Double.NaN, Verdict.Better.HIGHER))
                .isEqualTo(Verdict.NOT_DISTINGUISHABLE);
    }

    @Test
    void variationIsGraded() {
        assertThat(Variation.of(new double[] {100, 101, 99}).grade())
                .isEqualTo(Variation.Grade.GOOD);
        assertThat(Variation.of(new double[] {100, 107, 93}).grade())
                .isEqualTo(Variation.Grade.FAIR);
        assertThat(Variation.of(new double[] {100, 120, 80}).grade())
                .isEqualTo(Variation.Grade.NOISY);
        assertThat(Variation.of(new double[] {1}).coefficient()).isNull();
        assertThat(Variation.of(new double[] {0, 0}).grade()).isNull();
    }
}
