package io.rackmark.runner.energy.wall;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Reads the log of a wall meter: a header that names a time column and a column of W, kW, mW, Wh,
 * kWh or J; separated by commas, semicolons or tabs; {@code #} begins a comment. With semicolons or
 * tabs a decimal comma is understood. A row without a reading is a gap.
 */
public final class WallCsv {
    /** A day at ten samples a second is a third of this. */
    private static final long MOST_BYTES = 1L << 27;

    private static final int MOST_ROWS = 4_000_000;
    private static final int MOST_FAULTS = 10;

    /** A gigawatt hour, or a megawatt: beyond any meter at a plug. */
    private static final double GREATEST = 3.6e18;

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,15}(\\.\\d{1,15})?");

    private final String file;
    private final WallTime time;
    private final boolean decimalComma;
    private final WallColumns columns;
    private final List<String> faults = new ArrayList<>();
    private final List<Long> stamps = new ArrayList<>();
    private final List<Long> values = new ArrayList<>();

    private WallCsv(String file, WallTime time, boolean decimalComma, WallColumns columns) {
        this.file = file;
        this.time = time;
        this.decimalComma = decimalComma;
        this.columns = columns;
    }

    /**
     * Reads a log file.
     *
     * @param zone of times without one
     * @throws WallCsvException with up to ten faults, each with file and line
     */
    public static WallLog read(Path path, ZoneId zone) {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw fault(path + " is larger than 128 MiB; cut it to the time of the run");
            }
            return parse(path.toString(), Files.readString(path), zone);
        } catch (NoSuchFileException e) {
            throw fault(
                    "no wall-meter log at %s; start the logger first, or add the log afterwards with 'rackmark run --resume RUN --wall-csv FILE'"
                            .formatted(path));
        } catch (CharacterCodingException e) {
            throw fault(path + " is not UTF-8 text; save it as UTF-8");
        } catch (IOException e) {
            throw fault("cannot read the wall-meter log %s: %s".formatted(path, e.getMessage()));
        }
    }

    /**
     * Reads a log from text.
     *
     * @param file name used in messages
     */
    public static WallLog parse(String file, String text, ZoneId zone) {
        String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
        char separator = separator(content);
        try (CsvReader<CsvRecord> reader = reader(separator, new StringReader(content))) {
            Iterator<CsvRecord> records = reader.iterator();
            if (!records.hasNext()) {
                throw fault(file + " is empty; a log begins with a header such as 'time,W'");
            }
            CsvRecord header = records.next();
            String where = file + ":" + header.getStartingLineNumber();
            WallColumns columns = WallColumns.of(where, header.getFields());
            WallCsv csv = new WallCsv(file, new WallTime(zone), separator != ',', columns);
            while (records.hasNext() && csv.faults.size() < MOST_FAULTS) {
                csv.row(records.next());
            }
            return csv.log();
        } catch (CsvParseException | UncheckedIOException e) {
            throw fault("%s: not CSV: %s".formatted(file, innermost(e)));
        } catch (IOException e) {
            throw fault("%s: not CSV: %s".formatted(file, e.getMessage()));
        }
    }

    private static CsvReader<CsvRecord> reader(char separator, Reader text) {
        return CsvReader.builder()
                .fieldSeparator(separator)
                .commentStrategy(CommentStrategy.SKIP)
                .skipEmptyLines(true)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .ofCsvRecord(text);
    }

    private static String innermost(Throwable fault) {
        Throwable cause = fault.getCause();
        String message = cause == null ? fault.getMessage() : cause.getMessage();
        return String.valueOf(message).lines().findFirst().orElse("");
    }

    /** The separator of the first line that is no comment. */
    private static char separator(String text) {
        String header =
                text.lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .findFirst()
                        .orElse("");
        for (char candidate : new char[] {';', '\t'}) {
            if (header.indexOf(candidate) >= 0) {
                return candidate;
            }
        }
        return ',';
    }

    private static WallCsvException fault(String message) {
        return new WallCsvException(List.of(message));
    }

    private void row(CsvRecord row) {
        long line = row.getStartingLineNumber();
        if (field(row, columns.value()).isEmpty()) {
            return;
        }
        String when =
                String.join(" ", columns.times().stream().map(i -> field(row, i)).toList()).strip();
        OptionalLong stamp = time.epochNanos(when);
        if (stamp.isEmpty()) {
            fault(
                    line,
                    "'%s' is not a time; write 2026-11-24T12:00:00Z, 2026-11-24 12:00:00 or seconds since 1970"
                            .formatted(shown(when)));
            return;
        }
        value(field(row, columns.value()))
                .ifPresentOrElse(
                        value -> add(line, stamp.getAsLong(), value),
                        () ->
                                fault(
                                        line,
                                        "'%s' in column '%s' is not a reading; a number of 0 or more is"
                                                .formatted(
                                                        shown(field(row, columns.value())),
                                                        shown(columns.name()))));
    }

    private void add(long line, long stamp, long value) {
        if (!stamps.isEmpty() && stamp <= stamps.getLast()) {
            if (stamp < stamps.getLast()) {
                fault(line, "the time goes back; sort the rows and give times a zone or offset");
            } else {
                values.set(values.size() - 1, value); // the newest of one instant
            }
        } else if (stamps.size() >= MOST_ROWS) {
            fault(
                    line,
                    "more than %,d rows; cut the log to the time of the run".formatted(MOST_ROWS));
        } else {
            stamps.add(stamp);
            values.add(value);
        }
    }

    private Optional<Long> value(String text) {
        String number = decimalComma ? text.replace(',', '.') : text;
        if (!NUMBER.matcher(number).matches()) {
            return Optional.empty();
        }
        double scaled = new BigDecimal(number).doubleValue() * columns.scale();
        return scaled < 0 || scaled > GREATEST ? Optional.empty() : Optional.of(Math.round(scaled));
    }

    private WallLog log() {
        if (faults.isEmpty() && stamps.isEmpty()) {
            faults.add(
                    "%s: no row holds a reading in column '%s'"
                            .formatted(file, shown(columns.name())));
        }
        if (!faults.isEmpty()) {
            throw new WallCsvException(faults);
        }
        return new WallLog(shown(columns.name()), columns.quantity(), stamps, values);
    }

    private void fault(long line, String message) {
        faults.add("%s:%d: %s".formatted(file, line, message));
    }

    private static String field(CsvRecord row, int index) {
        return index < row.getFieldCount() ? row.getField(index).strip() : "";
    }

    /** A stranger's text as part of one line. */
    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "\uFFFD");
        return line.length() > 40 ? line.substring(0, 40) + "…" : line;
    }
}
