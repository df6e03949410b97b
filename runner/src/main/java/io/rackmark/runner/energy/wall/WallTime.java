package io.rackmark.runner.energy.wall;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as loggers write them: seconds, milli-, micro- or nanoseconds since 1970, told apart by
 * their number of digits, or a date and time. Slashes after day or month are refused, because 03/04
 * has two meanings.
 *
 * @param zone of times without one
 */
record WallTime(ZoneId zone) {
    private static final Pattern EPOCH =
            Pattern.compile("\\d{9,10}|\\d{12,13}|\\d{15,16}|\\d{18,19}");
    private static final Pattern EPOCH_SECONDS = Pattern.compile("(\\d{9,10})\\.(\\d{1,9})\\d*");
    private static final Pattern DATE =
            Pattern.compile(
                    "(?:(?<y>\\d{4})[-/.](?<m>\\d\\d?)[-/.](?<d>\\d\\d?)"
                            + "|(?<d2>\\d\\d?)\\.(?<m2>\\d\\d?)\\.(?<y2>\\d{4}))"
                            + "[T ,]\\s*(?<h>\\d\\d?):(?<min>\\d\\d)(?::(?<s>\\d\\d)"
                            + "(?:[.,](?<f>\\d{1,9})\\d*)?)?\\s*"
                            + "(?<zone>Z|z|UTC|GMT|[+-]\\d\\d(?::?\\d\\d)?)?");

    /** Nanoseconds since 1970 UTC; empty when the text is no time. */
    OptionalLong epochNanos(String text) {
        try {
            if (EPOCH.matcher(text).matches()) {
                return OptionalLong.of(Math.multiplyExact(Long.parseLong(text), scale(text)));
            }
            Matcher seconds = EPOCH_SECONDS.matcher(text);
            if (seconds.matches()) {
                long whole = Math.multiplyExact(Long.parseLong(seconds.group(1)), 1_000_000_000L);
                return OptionalLong.of(Math.addExact(whole, fraction(seconds.group(2))));
            }
            Matcher date = DATE.matcher(text);
            return date.matches() ? date(date) : OptionalLong.empty();
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            return OptionalLong.empty(); // such as 31 February, or the year 2300
        }
    }

    private static long scale(String digits) {
        int length = digits.length();
        return tenTo(length <= 10 ? 9 : length <= 13 ? 6 : length <= 16 ? 3 : 0);
    }

    private OptionalLong date(Matcher date) {
        boolean yearFirst = date.group("y") != null;
        LocalDateTime local =
                LocalDateTime.of(
                        Integer.parseInt(date.group(yearFirst ? "y" : "y2")),
                        Integer.parseInt(date.group(yearFirst ? "m" : "m2")),
                        Integer.parseInt(date.group(yearFirst ? "d" : "d2")),
                        Integer.parseInt(date.group("h")),
                        Integer.parseInt(date.group("min")),
                        date.group("s") == null ? 0 : Integer.parseInt(date.group("s")),
                        date.group("f") == null ? 0 : (int) fraction(date.group("f")));
        String given = date.group("zone");
        List<ZoneOffset> offsets =
                given == null ? zone.getRules().getValidOffsets(local) : List.of(offset(given));
        return offsets.isEmpty()
                ? OptionalLong.empty() // skipped when the clock was put forward
                : OptionalLong.of(WallLog.epochNanos(local.toInstant(offsets.getFirst())));
    }

    private static ZoneOffset offset(String given) {
        return given.matches("[+-].*") ? ZoneOffset.of(given) : ZoneOffset.UTC;
    }

    /** Digits after the point as nanoseconds. */
    private static long fraction(String digits) {
        return Long.parseLong(digits) * tenTo(9 - digits.length());
    }

    private static long tenTo(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }
}
