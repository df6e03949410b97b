package io.rackmark.runner.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tables of the report: no lines, no margin, text to the left and numbers to the right. */
final class Columns {
    private Columns() {}

    /** The header and a line per row. */
    static <T> String table(List<T> rows, List<ColumnData<T>> columns) {
        return AsciiTable.getTable(AsciiTable.NO_BORDERS, rows, columns)
                .lines()
                .map(line -> line.startsWith(" ") ? line.substring(1) : line)
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n"));
    }

    static <T> ColumnData<T> left(String header, Function<T, String> of) {
        return new Column()
                .header(header)
                .dataAlign(HorizontalAlign.LEFT)
                .with(row -> of.apply(row));
    }

    static <T> ColumnData<T> right(String header, Function<T, String> of) {
        return new Column()
                .header(header)
                .headerAlign(HorizontalAlign.RIGHT)
                .dataAlign(HorizontalAlign.RIGHT)
                .with(row -> of.apply(row));
    }
}
