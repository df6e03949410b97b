package io.rackmark.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Seeded draws for the sample database. SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) written
 * out, so that the rows depend on no library's choice of algorithm.
 */
final class SampleDraw {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    SampleDraw(long seed) {
        this.state = seed;
    }

    private long next() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** A number from 0 to {@code bound - 1}. */
    int below(int bound) {
        return (int) Long.remainderUnsigned(next(), bound);
    }

    /** A number from {@code low} to {@code high}, both included. */
    int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /** True in {@code percent} of 100 cases. */
    boolean chance(int percent) {
        return below(100) < percent;
    }

    <T> T pick(List<T> items) {
        return items.get(below(items.size()));
    }

    /** An index drawn with the given weights; {@code cumulative} holds their running sums. */
    int weighted(int[] cumulative) {
        int target = below(cumulative[cumulative.length - 1]);
        int low = 0;
        int high = cumulative.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cumulative[middle] > target) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Running sums of the weights, for {@link #weighted}. */
    static int[] cumulative(int[] weights) {
        int[] sums = weights.clone();
        for (int i = 1; i < sums.length; i++) {
            sums[i] += sums[i - 1];
        }
        return sums;
    }

    /** The items in a random order (Fisher-Yates). */
    <T> List<T> shuffled(List<T> items) {
        List<T> copy = new ArrayList<>(items);
        for (int i = copy.size() - 1; i > 0; i--) {
            int j = below(i + 1);
            T held = copy.get(i);
            copy.set(i, copy.get(j));
            copy.set(j, held);
        }
        return copy;
    }

    /**
     * Splits {@code total} into one share per weight, at least one each; what is left after that is
     * handed out one by one with the weights.
     */
    int[] shares(int total, int[] weights) {
        int[] shares = new int[weights.length];
        Arrays.fill(shares, 1);
        int[] sums = cumulative(weights);
        for (int left = total - weights.length; left > 0; left--) {
            shares[weighted(sums)]++;
        }
        return shares;
    }
}
