package io.rackmark.runner.report;

import io.rackmark.runner.result.Figure;
import io.rackmark.runner.stats.Bootstrap;
import io.rackmark.runner.stats.Estimate;
import io.rackmark.runner.stats.Statistic;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One system's figure over another's. Repeats of the same number ran next to each other, so they
 * are paired: the ratio is the geometric mean over the repeats, its interval the paired bootstrap's
 * of the differences of logarithms.
 */
final class Ratios {
    private static final long SEED = 20_261_123;

    private Ratios() {}

    /**
     * @param a positive values by repeat
     * @param b the same of the baseline
     */
    static Figure paired(String metric, Map<Integer, Double> a, Map<Integer, Double> b) {
        List<Integer> both = new TreeMap<>(a).keySet().stream().filter(b::containsKey).toList();
        if (both.isEmpty()) {
            return absent(metric, 0);
        }
        double[] first = logarithms(a, both);
        double[] second = logarithms(b, both);
        if (both.size() == 1) {
            return figure(metric, Math.exp(first[0] - second[0]), null, null, 1);
        }
        Estimate difference = Bootstrap.paired(first, second, Statistic.MEAN, SEED).difference();
        @Nullable Double value = difference.value();
        return value == null
                ? absent(metric, both.size())
                : figure(
                        metric,
                        Math.exp(value),
                        exp(difference.low()),
                        exp(difference.high()),
                        both.size());
    }

    /** Of sizes that hardly vary: the largest of each. */
    static Figure ofLargest(String metric, List<Long> a, List<Long> b) {
        long first = a.stream().mapToLong(Long::longValue).max().orElse(0);
        long second = b.stream().mapToLong(Long::longValue).max().orElse(0);
        return first <= 0 || second <= 0
                ? absent(metric, 0)
                : figure(metric, (double) first / second, null, null, Math.min(a.size(), b.size()));
    }

    private static double[] logarithms(Map<Integer, Double> values, List<Integer> repeats) {
        return repeats.stream()
                .map(values::get)
                .map(Objects::requireNonNull)
                .mapToDouble(Math::log)
                .toArray();
    }

    private static @Nullable Double exp(@Nullable Double logarithm) {
        return logarithm == null ? null : Math.exp(logarithm);
    }

    private static Figure figure(
            String metric, double value, @Nullable Double low, @Nullable Double high, int n) {
        return new Figure(metric, "ratio", "×", value, low, high, n, null);
    }

    private static Figure absent(String metric, int n) {
        return new Figure(metric, "ratio", "×", null, null, null, n, "not measured of both");
    }
}
