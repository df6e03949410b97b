package io.rackmark.runner.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares with values that {@code tools/statistics-fixtures} computed with SciPy and NumPy. */
class ReferenceTest {
    private static final Offset<Double> EXACT = within(1e-9);

    private final JsonNode reference = read();
    private final double[] a = samples("a");
    private final double[] b = samples("b");
    private final double[] small = samples("short");
    private final double[] large = samples("large");

    private static JsonNode read() {
        InputStream in = ReferenceTest.class.getResourceAsStream("reference.json");
        return JsonMapper.builder().build().readTree(Objects.requireNonNull(in));
    }

    private double[] samples(String name) {
        return reference.get(name).values().stream().mapToDouble(JsonNode::asDouble).toArray();
    }

    private static double number(JsonNode node, String name) {
        return Objects.requireNonNull(node.get(name), name).asDouble();
    }

    @Test
    void percentilesInterpolateAsNumpyDoes() {
        for (Percentile percentile : Percentile.values()) {
            assertThat(percentile.of(large).value())
                    .as(percentile.name())
                    .isCloseTo(number(reference.get("percentiles"), percentile.name()), EXACT);
        }
    }

    @Test
    void wilsonIntervalsAgree() {
        for (JsonNode row : reference.get("wilson")) {
            int successes = row.get("k").asInt();
            int n = row.get("n").asInt();
            Estimate estimate = Proportion.wilson(successes, n);
            assertThat(estimate.value()).isCloseTo((double) successes / n, EXACT);
            assertThat(estimate.low()).isCloseTo(number(row, "low"), EXACT);
            assertThat(estimate.high()).isCloseTo(number(row, "high"), EXACT);
        }
    }

    @Test
    void mcNemarAgrees() {
        for (JsonNode row : reference.get("mcnemar")) {
            int onlyA = row.get("onlyA").asInt();
            int onlyB = row.get("onlyB").asInt();
            assertThat(McNemar.exact(onlyA, onlyB)).isCloseTo(number(row, "p"), EXACT);
            assertThat(McNemar.exact(onlyB, onlyA)).isCloseTo(number(row, "p"), EXACT);
        }
    }

    @Test
    void welchAgrees() {
        JsonNode expected = reference.get("welch");
        Comparison comparison = Welch.test(a, small);
        assertThat(comparison.difference().value())
                .isCloseTo(number(expected, "difference"), EXACT);
        assertThat(comparison.p()).isCloseTo(number(expected, "p"), EXACT);
        assertThat(comparison.difference().low()).isCloseTo(number(expected, "low"), within(1e-6));
        assertThat(comparison.difference().high())
                .isCloseTo(number(expected, "high"), within(1e-6));
        assertThat(comparison.cohensD()).isCloseTo(number(expected, "d"), EXACT);
    }

    @Test
    void variationAgrees() {
        assertThat(Variation.of(small).coefficient())
                .isCloseTo(number(reference, "variation"), EXACT);
    }

    @Test
    void bootstrapIntervalsAgreeWithinTheErrorOfResampling() {
        JsonNode bca = reference.get("bca");
        agrees(Bootstrap.interval(a, Statistic.MEAN, 1), bca.get("mean"));
        agrees(Bootstrap.interval(a, Statistic.MEDIAN, 1), bca.get("median"));
        agrees(Bootstrap.paired(a, b, Statistic.MEAN, 1).difference(), bca.get("pairedMean"));
        agrees(Bootstrap.paired(a, b, Statistic.MEDIAN, 1).difference(), bca.get("pairedMedian"));
    }

    /** The generators differ, so the ends may move by a few hundredths of the width. */
    private static void agrees(Estimate estimate, JsonNode expected) {
        double low = number(expected, "low");
        double high = number(expected, "high");
        Offset<Double> near = within(0.04 * (high - low));
        assertThat(estimate.low()).isCloseTo(low, near);
        assertThat(estimate.high()).isCloseTo(high, near);
    }
}
