package io.rackmark.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Pairs expected with actual rows that agree in everything but numbers. Since numbers agree within
 * a tolerance, which is no equivalence, pairing is a bipartite matching: pairs in sorted order
 * first, then augmenting paths (Berge 1957) for the rows left over.
 */
final class RowMatching {
    private static final int FREE = -1;
    private final List<List<Cell>> expected;
    private final List<List<Cell>> actual;

    /** The expected row each actual row is paired with. */
    private final int[] partnerOfActual;

    /** The number that tells rows apart best, or {@link #FREE} when the rows have none. */
    private final int column;

    private RowMatching(List<List<Cell>> expected, List<List<Cell>> actual) {
        this.column = mostVariedNumber(actual);
        Comparator<List<Cell>> byNumbers =
                Comparator.<List<Cell>>comparingDouble(
                                row -> column < 0 ? 0 : number(row.get(column)))
                        .thenComparing(RowMatching::compareNumbers);
        this.expected = expected.stream().sorted(byNumbers).toList();
        this.actual = actual.stream().sorted(byNumbers).toList();
        this.partnerOfActual = new int[actual.size()];
    }

    /** Whether equally many rows can be paired so that each pair agrees. */
    static boolean isPerfect(List<List<Cell>> expected, List<List<Cell>> actual) {
        return new RowMatching(expected, actual).isPerfect();
    }

    /** Whether every expected row agrees with some actual row. */
    static boolean eachHasPartner(List<List<Cell>> expected, List<List<Cell>> actual) {
        RowMatching matching = new RowMatching(expected, actual);
        return matching.expected.stream()
                .distinct()
                .allMatch(row -> !matching.partners(row).isEmpty());
    }

    /** Whether every actual row agrees with some expected row. */
    static boolean eachIsPartner(List<List<Cell>> expected, List<List<Cell>> actual) {
        RowMatching matching = new RowMatching(expected, actual);
        BitSet met = new BitSet();
        matching.expected.stream()
                .distinct()
                .forEach(row -> matching.partners(row).forEach(met::set));
        return met.cardinality() == actual.size();
    }

    private boolean isPerfect() {
        Arrays.fill(partnerOfActual, FREE);
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            if (ResultComparison.same(expected.get(i), actual.get(i))) {
                partnerOfActual[i] = i;
            } else {
                left.add(i);
            }
        }
        return left.stream().noneMatch(i -> partners(expected.get(i)).isEmpty())
                && left.stream().allMatch(this::augment);
    }

    /** Breadth-first search for a free actual row, then the pairs along the path are exchanged. */
    private boolean augment(int start) {
        int[] reachedFrom = new int[actual.size()];
        Arrays.fill(reachedFrom, FREE);
        ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(start));
        while (!queue.isEmpty()) {
            int row = queue.remove();
            for (int candidate : partners(expected.get(row))) {
                if (reachedFrom[candidate] != FREE) {
                    continue;
                }
                reachedFrom[candidate] = row;
                if (partnerOfActual[candidate] == FREE) {
                    exchange(candidate, start, reachedFrom);
                    return true;
                }
                queue.add(partnerOfActual[candidate]);
            }
        }
        return false;
    }

    private void exchange(int end, int start, int[] reachedFrom) {
        int candidate = end;
        while (true) {
            int row = reachedFrom[candidate];
            int previous = indexOfPartner(row);
            partnerOfActual[candidate] = row;
            if (row == start) {
                return;
            }
            candidate = previous;
        }
    }

    private int indexOfPartner(int row) {
        for (int i = 0; i < partnerOfActual.length; i++) {
            if (partnerOfActual[i] == row) {
                return i;
            }
        }
        return FREE;
    }

    /** Indices of the actual rows that agree with an expected row. */
    private List<Integer> partners(List<Cell> row) {
        List<Integer> partners = new ArrayList<>();
        for (int i = column == FREE ? 0 : lowerBound(row); i < actual.size(); i++) {
            List<Cell> other = actual.get(i);
            if (ResultComparison.same(row, other)) {
                partners.add(i);
            } else if (column != FREE && isBeyond(row.get(column), other.get(column))) {
                break;
            }
        }
        return partners;
    }

    /** The first actual row whose number in {@link #column} is not too small. */
    private int lowerBound(List<Cell> row) {
        double wanted = number(row.get(column));
        int low = 0;
        int high = actual.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            double candidate = number(actual.get(middle).get(column));
            if (candidate < wanted && !ResultComparison.near(wanted, candidate)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static boolean isBeyond(Cell expected, Cell actual) {
        double value = number(actual);
        return value > number(expected) && !ResultComparison.near(number(expected), value);
    }

    private static int mostVariedNumber(List<List<Cell>> rows) {
        int best = FREE;
        long most = 0;
        int width = rows.isEmpty() ? 0 : rows.getFirst().size();
        for (int i = 0; i < width; i++) {
            int index = i;
            Cell first = rows.getFirst().get(i);
            long values = rows.stream().map(row -> row.get(index)).distinct().count();
            if ((first instanceof Cell.Whole || first instanceof Cell.Real) && values > most) {
                best = i;
                most = values;
            }
        }
        return best;
    }

    private static double number(Cell cell) {
        return switch (cell) {
            case Cell.Whole whole -> (double) whole.value();
            case Cell.Real real -> real.value();
            case Cell.Text _, Cell.Blob _, Cell.Null _ -> 0;
        };
    }

    private static int compareNumbers(List<Cell> first, List<Cell> second) {
        for (int i = 0; i < first.size(); i++) {
            int order = Double.compare(number(first.get(i)), number(second.get(i)));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
