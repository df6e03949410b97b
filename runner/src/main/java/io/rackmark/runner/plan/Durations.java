package io.rackmark.runner.plan;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 90s}, {@code 30m}, {@code 24h}, {@code 2d}. */
public final class Durations {
    /** For messages. */
    public static final String FORM = "a number with s, m, h or d, such as 30m";

    private static final Pattern PATTERN = Pattern.compile("(\\d{1,6})([smhd])");

    /** Far above any run. */
    private static final int MOST_SECONDS = 366 * 86_400;

    private Durations() {}

    /** In seconds; empty for another form, for nothing and for more than a year. */
    public static Optional<Integer> seconds(String text) {
        Matcher matcher = PATTERN.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long unit =
                switch (matcher.group(2)) {
                    case "s" -> 1;
                    case "m" -> 60;
                    case "h" -> 3600;
                    default -> 86_400;
                };
        long seconds = Long.parseLong(matcher.group(1)) * unit;
        return seconds < 1 || seconds > MOST_SECONDS
                ? Optional.empty()
                : Optional.of((int) seconds);
    }
}
