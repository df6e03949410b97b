package io.rackmark.runner.cli;

import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.cost.Span;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.PlanException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What this box costs; each is a number or a span of two, such as {@code 0.15-0.35}. */
final class CostFlags {
    @Option(
            names = "--capex",
            paramLabel = "USD",
            converter = SpanConverter.class,
            description = "price of the box")
    private @Nullable Span capex;

    @Option(
            names = "--watts",
            paramLabel = "W",
            converter = SpanConverter.class,
            description = "power at the plug while it works")
    private @Nullable Span watts;

    @Option(
            names = "--kwh",
            paramLabel = "USD",
            converter = SpanConverter.class,
            description = "price of a kWh")
    private @Nullable Span usdPerKwh;

    @Option(
            names = "--years",
            paramLabel = "N",
            converter = SpanConverter.class,
            description = "of use until it is written off (default: 3)")
    private @Nullable Span years;

    @Option(
            names = "--utilisation",
            paramLabel = "SHARE",
            converter = SpanConverter.class,
            description = "share of the time it works for somebody (default: 0.5)")
    private @Nullable Span utilisation;

    @Option(
            names = "--pue",
            paramLabel = "N",
            converter = SpanConverter.class,
            description = "power of the building over power of the box (default: 1)")
    private @Nullable Span pue;

    @Option(
            names = "--ops",
            paramLabel = "USD",
            converter = SpanConverter.class,
            description = "everything else, per hour (default: 0)")
    private @Nullable Span ops;

    /**
     * The inputs; empty when no flag is given.
     *
     * @throws PlanException when one is missing or impossible
     */
    Optional<CostInputs> inputs() {
        List<String> missing = new ArrayList<>();
        if (capex == null) {
            missing.add("--capex");
        }
        if (watts == null) {
            missing.add("--watts");
        }
        if (usdPerKwh == null) {
            missing.add("--kwh");
        }
        if (capex == null || watts == null || usdPerKwh == null) {
            if (missing.size() == 3 && years == null && utilisation == null && pue == null) {
                if (ops == null) {
                    return Optional.empty();
                }
            }
            throw new PlanException(
                    List.of("the cost of the box also needs " + String.join(", ", missing)));
        }
        try {
            return Optional.of(
                    new CostInputs(
                            capex,
                            or(years, Defaults.COST_YEARS),
                            or(utilisation, Defaults.COST_UTILISATION),
                            watts,
                            or(pue, Defaults.COST_PUE),
                            usdPerKwh,
                            or(ops, Defaults.COST_OPS)));
        } catch (IllegalArgumentException e) {
            throw new PlanException(List.of("the cost of the box: " + e.getMessage()));
        }
    }

    private static Span or(@Nullable Span given, double otherwise) {
        return given == null ? Span.of(otherwise) : given;
    }

    /** {@code 2500} or {@code 2500-4000}. */
    static final class SpanConverter implements ITypeConverter<Span> {
        private static final Pattern FORM =
                Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(?:-(\\d{1,12}(?:\\.\\d{1,9})?))?");

        SpanConverter() {}

        @Override
        public Span convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'%s' is neither a number nor a span such as 0.15-0.35".formatted(text));
            }
            double low = Double.parseDouble(matcher.group(1));
            double high = matcher.group(2) == null ? low : Double.parseDouble(matcher.group(2));
            if (low > high) {
                throw new TypeConversionException("'%s' runs backwards".formatted(text));
            }
            return new Span(low, high);
        }
    }
}
