package io.rackmark.runner.report;

import io.rackmark.runner.result.Figure;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Figures as text. What was not measured is a dash, never a zero. */
public final class Format {
    private static final String MISSING = "–";

    private Format() {}

    /** Three significant digits, no exponent. */
    public static String number(Optional<Figure> figure) {
        return value(figure).map(Format::number).orElse(MISSING);
    }

    /** A proportion with its interval: {@code 60 [41–77]}, in percent. */
    public static String percent(Optional<Figure> figure) {
        return figure.map(Format::percent).orElse(MISSING);
    }

    /** A proportion without its interval, in percent. */
    public static String share(Optional<Figure> figure) {
        return value(figure).map(v -> "%.0f".formatted(v * 100)).orElse(MISSING);
    }

    /** Bytes as MB (10⁶). */
    public static String megabytes(Optional<Figure> figure) {
        return value(figure).map(v -> number(v / 1e6)).orElse(MISSING);
    }

    public static String number(double value) {
        double size = Math.abs(value);
        int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static String percent(Figure figure) {
        @Nullable Double value = figure.value();
        if (value == null) {
            return MISSING;
        }
        @Nullable Double low = figure.low();
        @Nullable Double high = figure.high();
        String share = "%.0f".formatted(value * 100);
        return low == null || high == null
                ? share
                : "%s [%.0f–%.0f]".formatted(share, low * 100, high * 100);
    }

    private static Optional<Double> value(Optional<Figure> figure) {
        return figure.flatMap(f -> Optional.ofNullable(f.value()));
    }
}
