package io.rackmark.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultComparisonTest {
    @Test
    void floatsAgreeWithinAHundredthOrAThousandth() {
        assertThat(bag(rows(row(1.00)), rows(row(1.01)))).isTrue();
        assertThat(bag(rows(row(1.00)), rows(row(1.0101)))).isFalse();
        assertThat(bag(rows(row(1000.0)), rows(row(1001.0)))).isTrue();
        assertThat(bag(rows(row(1000.0)), rows(row(1001.1)))).isFalse();
        assertThat(bag(rows(row(-1000.0)), rows(row(-1001.0)))).isTrue();
        assertThat(bag(rows(row(Double.POSITIVE_INFINITY)), rows(row(Double.POSITIVE_INFINITY))))
                .isTrue();
        assertThat(bag(rows(row(Double.POSITIVE_INFINITY)), rows(row(5.0)))).isFalse();
    }

    @Test
    void integersAgreeExactlyAndWithFloatsByValue() {
        assertThat(bag(rows(row(5L)), rows(row(5.0)))).isTrue();
        assertThat(bag(rows(row(5.0)), rows(row(5L)))).isTrue();
        assertThat(bag(rows(row(100_000L)), rows(row(100_001L)))).isFalse();
        assertThat(bag(rows(row(100_000L)), rows(row(100_001.0)))).isTrue();
        assertThat(bag(rows(row(Long.MAX_VALUE)), rows(row(Long.MAX_VALUE - 1)))).isFalse();
    }

    @Test
    void textIsTrimmedAndNeverANumber() {
        assertThat(bag(rows(row(" Rock ")), rows(row("Rock\n")))).isTrue();
        assertThat(bag(rows(row("rock")), rows(row("Rock")))).isFalse();
        assertThat(bag(rows(row("5")), rows(row(5L)))).isFalse();
    }

    @Test
    void nullEqualsOnlyNull() {
        assertThat(bag(rows(row((Object) null)), rows(row((Object) null)))).isTrue();
        assertThat(bag(rows(row((Object) null)), rows(row("")))).isFalse();
        assertThat(bag(rows(row((Object) null)), rows(row(0L)))).isFalse();
    }

    @Test
    void columnOrderCountsAndRowOrderOnlyWhenFlagged() {
        assertThat(bag(rows(row("a", 1L)), rows(row(1L, "a")))).isFalse();
        List<List<Cell>> forward = rows(row("a"), row("b"));
        List<List<Cell>> backward = rows(row("b"), row("a"));
        assertThat(bag(forward, backward)).isTrue();
        assertThat(ResultComparison.sameBag(forward, backward, true)).isFalse();
        assertThat(ResultComparison.sameBag(forward, forward, true)).isTrue();
    }

    @Test
    void bagCountsRepetitionsAndSetDoesNot() {
        List<List<Cell>> twice = rows(row("a"), row("a"), row("b"));
        List<List<Cell>> other = rows(row("a"), row("b"), row("b"));
        assertThat(bag(twice, other)).isFalse();
        assertThat(ResultComparison.sameSet(twice, other)).isTrue();
        assertThat(ResultComparison.sameSet(twice, rows(row("a")))).isFalse();
        assertThat(ResultComparison.sameSet(rows(row("a")), twice)).isFalse();
        assertThat(ResultComparison.sameSet(rows(row(1.0)), rows(row(1.0), row(3.0)))).isFalse();
    }

    @Test
    void emptyResultsAgree() {
        assertThat(bag(List.of(), List.of())).isTrue();
        assertThat(ResultComparison.sameSet(List.of(), List.of())).isTrue();
        assertThat(bag(List.of(), rows(row(1L)))).isFalse();
        assertThat(ResultComparison.sameSet(List.of(), rows(row(1L)))).isFalse();
    }

    @Test
    void pairingLooksBeyondTheFirstPartner() {
        // Sorted, the first expected row would take the partner that only the second can have.
        List<List<Cell>> expected = rows(row(1.000, 5.0), row(1.005, 1.0));
        List<List<Cell>> actual = rows(row(1.002, 1.0), row(1.003, 5.0));
        assertThat(bag(expected, actual)).isTrue();

        List<List<Cell>> chain = rows(row(1.00), row(1.01), row(1.02));
        assertThat(bag(chain, rows(row(1.01), row(1.02), row(1.03)))).isTrue();
        assertThat(bag(chain, rows(row(1.03), row(1.03), row(1.03)))).isFalse();
    }

    @Test
    void integersAndFloatsMixInOneColumn() {
        List<List<Cell>> expected = rows(row(100_000L), row(100_050L));
        assertThat(bag(expected, rows(row(100_050L), row(99_950.0)))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shufflingAndNoiseWithinToleranceChangeNothing(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<List<Cell>> expected = randomRows(random);
            List<List<Cell>> actual = new ArrayList<>();
            expected.forEach(row -> actual.add(row.stream().map(c -> nudge(c, random)).toList()));
            assertThat(ResultComparison.sameBag(expected, actual, true)).isTrue();
            Collections.shuffle(actual, random);
            assertThat(bag(expected, actual)).isTrue();
            assertThat(ResultComparison.sameSet(expected, actual)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void pairingAgreesWithTryingEveryOrder(long seed) {
        Random random = new Random(seed);
        int equal = 0;
        for (int round = 0; round < 2000; round++) {
            List<List<Cell>> expected = closeRows(random);
            List<List<Cell>> actual = closeRows(random);
            boolean wanted = someOrderAgrees(expected, new ArrayList<>(actual));
            assertThat(bag(expected, actual)).as("%s %s", expected, actual).isEqualTo(wanted);
            if (wanted) {
                equal++;
                assertThat(ResultComparison.sameSet(expected, actual)).isTrue();
            }
        }
        assertThat(equal).isBetween(20, 1980);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void oneChangedCellIsNoticed(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<List<Cell>> expected = randomRows(random);
            List<List<Cell>> actual = new ArrayList<>(expected);
            int index = random.nextInt(actual.size());
            List<Cell> changed = new ArrayList<>(actual.get(index));
            changed.set(random.nextInt(changed.size()), new Cell.Text("changed"));
            actual.set(index, changed);
            assertThat(bag(expected, actual)).isFalse();
            assertThat(ResultComparison.sameSet(expected, actual)).isFalse();
        }
    }

    @Test
    void tenThousandAlikeRowsAreCompared() {
        List<List<Cell>> expected = new ArrayList<>();
        List<List<Cell>> actual = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            expected.add(row(1.5, (long) i));
            actual.addFirst(row(1.5 + 1e-9 * i, (long) i));
        }
        assertThat(bag(expected, expected.reversed())).isTrue();
        actual.set(0, row(1.5, -1L));
        assertThat(bag(expected, actual)).isFalse();
    }

    private static boolean bag(List<List<Cell>> expected, List<List<Cell>> actual) {
        return ResultComparison.sameBag(expected, actual, false);
    }

    /** The oracle: whether some assignment of the remaining rows agrees pair by pair. */
    private static boolean someOrderAgrees(List<List<Cell>> expected, List<List<Cell>> rest) {
        if (expected.size() != rest.size()) {
            return false;
        }
        if (expected.isEmpty()) {
            return true;
        }
        for (int i = 0; i < rest.size(); i++) {
            if (ResultComparison.same(expected.getFirst(), rest.get(i))) {
                List<List<Cell>> others = new ArrayList<>(rest);
                others.remove(i);
                if (someOrderAgrees(expected.subList(1, expected.size()), others)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Up to five rows whose numbers lie about one tolerance apart. */
    private static List<List<Cell>> closeRows(Random random) {
        List<List<Cell>> rows = new ArrayList<>();
        int size = 2 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            Object first = random.nextInt(4) == 0 ? 1L : 1 + random.nextInt(4) * 0.006;
            rows.add(row(first, 2 + random.nextInt(3) * 0.006));
        }
        return rows;
    }

    private static List<List<Cell>> randomRows(Random random) {
        List<List<Cell>> rows = new ArrayList<>();
        int size = 1 + random.nextInt(12);
        for (int i = 0; i < size; i++) {
            @Nullable Object text = random.nextInt(5) == 0 ? null : "name" + random.nextInt(4);
            rows.add(row(text, random.nextDouble() * 1000, (long) random.nextInt(5)));
        }
        return rows;
    }

    private static Cell nudge(Cell cell, Random random) {
        return switch (cell) {
            case Cell.Real real ->
                    new Cell.Real(real.value() + (random.nextDouble() - 0.5) * 0.018);
            case Cell.Text text -> new Cell.Text(text.value() + " ".repeat(random.nextInt(3)));
            case Cell.Whole whole ->
                    random.nextBoolean() ? whole : new Cell.Real((double) whole.value());
            case Cell.Blob _, Cell.Null _ -> cell;
        };
    }

    @SafeVarargs
    private static List<List<Cell>> rows(List<Cell>... rows) {
        List<List<Cell>> list = new ArrayList<>();
        for (List<Cell> row : rows) {
            list.add(row);
        }
        return list;
    }

    private static List<Cell> row(@Nullable Object... values) {
        return Arrays.stream(values).map(ResultComparisonTest::cell).toList();
    }

    private static Cell cell(@Nullable Object value) {
        return switch (value) {
            case null -> new Cell.Null();
            case Long whole -> new Cell.Whole(whole);
            case Double real -> new Cell.Real(real);
            default -> new Cell.Text(value.toString());
        };
    }
}
