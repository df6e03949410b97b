package io.rackmark.runner.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.OverflowBehaviour;
import java.util.List;
import java.util.function.Function;

/** Tables on the terminal: no lines, left-aligned text, right-aligned numbers. */
final class Tables {
    private static final int WIDEST = 60;

    private Tables() {}

    static <T> String of(List<T> rows, List<ColumnData<T>> columns) {
        return AsciiTable.getTable(AsciiTable.NO_BORDERS, rows, columns);
    }

    static <T> ColumnData<T> text(String header, Function<T, String> of) {
        return new Column()
                .header(header)
                .headerAlign(HorizontalAlign.LEFT)
                .dataAlign(HorizontalAlign.LEFT)
                .maxWidth(WIDEST, OverflowBehaviour.NEWLINE)
                .with(row -> Terminal.safe(of.apply(row)));
    }

    static <T> ColumnData<T> number(String header, Function<T, String> of) {
        return new Column()
                .header(header)
                .headerAlign(HorizontalAlign.RIGHT)
                .dataAlign(HorizontalAlign.RIGHT)
                .with(row -> of.apply(row));
    }
}
