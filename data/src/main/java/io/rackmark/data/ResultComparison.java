package io.rackmark.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a result answers a question, by two definitions.
 *
 * <p>Cells are equal when both are null, both are the same text up to surrounding white space, the
 * same bytes, the same integer, or numbers of which at least one is a float and which differ by at
 * most {@code max(0.01, 0.001 · |expected|)}. Column names are ignored, column order counts.
 */
public final class ResultComparison {
    private static final double ABSOLUTE_TOLERANCE = 0.01;
    private static final double RELATIVE_TOLERANCE = 1e-3;

    private ResultComparison() {}

    /**
     * EX-bag: the same rows with the same multiplicity.
     *
     * @param ordered whether the order of rows counts too
     */
    public static boolean sameBag(
            List<List<Cell>> expected, List<List<Cell>> actual, boolean ordered) {
        if (expected.size() != actual.size()) {
            return false;
        }
        return ordered ? sameInOrder(expected, actual) : sameInAnyOrder(expected, actual);
    }

    /** EX-set: the same rows when order and repetitions are ignored. */
    public static boolean sameSet(List<List<Cell>> expected, List<List<Cell>> actual) {
        Map<List<Object>, Group> groups = groups(expected, actual);
        return groups.values().stream().allMatch(Group::covers);
    }

    /** Whether two cells agree. */
    static boolean same(Cell expected, Cell actual) {
        return switch (expected) {
            case Cell.Null _ -> actual instanceof Cell.Null;
            case Cell.Text text ->
                    actual instanceof Cell.Text(String value)
                            && text.value().strip().equals(value.strip());
            case Cell.Blob blob -> blob.equals(actual);
            case Cell.Whole(long value) ->
                    switch (actual) {
                        case Cell.Whole whole -> value == whole.value();
                        case Cell.Real real -> near((double) value, real.value());
                        case Cell.Text _, Cell.Blob _, Cell.Null _ -> false;
                    };
            case Cell.Real(double value) ->
                    switch (actual) {
                        case Cell.Whole whole -> near(value, (double) whole.value());
                        case Cell.Real real -> near(value, real.value());
                        case Cell.Text _, Cell.Blob _, Cell.Null _ -> false;
                    };
        };
    }

    static boolean same(List<Cell> expected, List<Cell> actual) {
        if (expected.size() != actual.size()) {
            return false;
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!same(expected.get(i), actual.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether two numbers agree within the tolerance; grows out of {@code expected} both ways. */
    static boolean near(double expected, double actual) {
        double bound = Math.max(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * Math.abs(expected));
        // Equal infinities have no difference; an infinite bound would accept anything.
        return expected == actual
                || (Double.isFinite(expected) && Math.abs(expected - actual) <= bound * (1 + 1e-9));
    }

    private static boolean sameInOrder(List<List<Cell>> expected, List<List<Cell>> actual) {
        for (int i = 0; i < expected.size(); i++) {
            if (!same(expected.get(i), actual.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameInAnyOrder(List<List<Cell>> expected, List<List<Cell>> actual) {
        Map<List<Object>, Group> groups = groups(expected, actual);
        return groups.values().stream().allMatch(g -> g.expected.size() == g.actual.size())
                && groups.values().stream()
                        .allMatch(g -> RowMatching.isPerfect(g.expected, g.actual));
    }

    /** Rows that may equal each other: they agree in all cells but their numbers. */
    private record Group(List<List<Cell>> expected, List<List<Cell>> actual) {
        boolean covers() {
            return RowMatching.eachHasPartner(expected, actual)
                    && RowMatching.eachIsPartner(expected, actual);
        }
    }

    private static Map<List<Object>, Group> groups(
            List<List<Cell>> expected, List<List<Cell>> actual) {
        Map<List<Object>, Group> groups = new HashMap<>();
        expected.forEach(row -> group(groups, row).expected.add(row));
        actual.forEach(row -> group(groups, row).actual.add(row));
        return groups;
    }

    private static Group group(Map<List<Object>, Group> groups, List<Cell> row) {
        return groups.computeIfAbsent(
                row.stream().map(ResultComparison::key).toList(),
                key -> new Group(new ArrayList<>(), new ArrayList<>()));
    }

    private static Object key(Cell cell) {
        return switch (cell) {
            case Cell.Text text -> new Cell.Text(text.value().strip());
            case Cell.Whole _, Cell.Real _ -> Double.class;
            case Cell.Blob blob -> blob;
            case Cell.Null none -> none;
        };
    }
}
