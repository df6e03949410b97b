package io.rackmark.runner.cost;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value that is known only between two ends, both included.
 *
 * @param low not above {@code high}
 */
public record Span(double low, double high) {
    /** For messages. */
    public static final String FORM = "a number or a rising span such as 0.15-0.35";

    private static final Pattern PATTERN =
            Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(?:-(\\d{1,12}(?:\\.\\d{1,9})?))?");

    public Span {
        if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException("a span from %s to %s".formatted(low, high));
        }
    }

    /** A value that is known. */
    public static Span of(double value) {
        return new Span(value, value);
    }

    /**
     * Reads {@code 2500} or {@code 2500-4000}; empty for another form or one that runs backwards.
     */
    public static Optional<Span> parse(String text) {
        Matcher matcher = PATTERN.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        double low = Double.parseDouble(matcher.group(1));
        double high = matcher.group(2) == null ? low : Double.parseDouble(matcher.group(2));
        return low <= high ? Optional.of(new Span(low, high)) : Optional.empty();
    }
}
