package io.rackmark.runner.cli;

import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.cost.Span;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.PlanException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What this box costs; each is a number or a span of two, such as {@code 0.15-0.35}. */
final class CostFlags {
    @Option(
            names = "--capex",
            paramLabel = "PRICE",
            converter = SpanConverter.class,
            description = "price of the box (plan: cost.capex)")
    private @Nullable Span capex;

    @Option(
            names = "--watts",
            paramLabel = "W",
            converter = SpanConverter.class,
            description = "power at the plug while it works (plan: cost.watts)")
    private @Nullable Span watts;

    @Option(
            names = "--kwh",
            paramLabel = "PRICE",
            converter = SpanConverter.class,
            description = "price of a kWh (plan: cost.kwh)")
    private @Nullable Span perKwh;

    @Option(
            names = "--years",
            paramLabel = "N",
            converter = SpanConverter.class,
            description = "of use until it is written off (default: 3; plan: cost.years)")
    private @Nullable Span years;

    @Option(
            names = "--utilisation",
            paramLabel = "SHARE",
            converter = SpanConverter.class,
            description =
                    "share of the time it works for somebody (default: 0.5; plan:"
                            + " cost.utilisation)")
    private @Nullable Span utilisation;

    @Option(
            names = "--pue",
            paramLabel = "N",
            converter = SpanConverter.class,
            description =
                    "power of the building over power of the box (default: 1; plan: cost.pue)")
    private @Nullable Span pue;

    @Option(
            names = "--ops",
            paramLabel = "PRICE",
            converter = SpanConverter.class,
            description = "everything else, per hour (default: 0; plan: cost.ops)")
    private @Nullable Span ops;

    @Option(
            names = "--currency",
            paramLabel = "ISO",
            description = "of these prices (default: USD; plan: cost.currency)")
    private @Nullable String currency;

    /**
     * The inputs: each flag, else what the plan says, else the default; empty when neither says
     * anything.
     *
     * @throws PlanException when one is missing or impossible
     */
    Optional<CostInputs> inputs(Optional<CostInputs> planned) {
        if (!given()) {
            return planned;
        }
        List<String> missing = new ArrayList<>();
        if (capex == null && planned.isEmpty()) {
            missing.add("--capex");
        }
        if (watts == null && planned.isEmpty()) {
            missing.add("--watts");
        }
        if (perKwh == null && planned.isEmpty()) {
            missing.add("--kwh");
        }
        if (!missing.isEmpty()) {
            throw new PlanException(
                    List.of("the cost of the box also needs " + String.join(", ", missing)));
        }
        try {
            return Optional.of(
                    new CostInputs(
                            or(capex, planned.map(CostInputs::capex), 0),
                            or(years, planned.map(CostInputs::years), Defaults.COST_YEARS),
                            or(
                                    utilisation,
                                    planned.map(CostInputs::utilisation),
                                    Defaults.COST_UTILISATION),
                            or(watts, planned.map(CostInputs::watts), 0),
                            or(pue, planned.map(CostInputs::pue), Defaults.COST_PUE),
                            or(perKwh, planned.map(CostInputs::perKwh), 0),
                            or(ops, planned.map(CostInputs::opsPerHour), Defaults.COST_OPS),
                            Optional.ofNullable(currency)
                                    .or(() -> planned.map(CostInputs::currency))
                                    .orElse(Defaults.CURRENCY)));
        } catch (IllegalArgumentException e) {
            throw new PlanException(List.of("the cost of the box: " + e.getMessage()));
        }
    }

    private boolean given() {
        return Stream.of(capex, watts, perKwh, years, utilisation, pue, ops, currency)
                .anyMatch(Objects::nonNull);
    }

    private static Span or(@Nullable Span given, Optional<Span> planned, double otherwise) {
        return Optional.ofNullable(given).or(() -> planned).orElseGet(() -> Span.of(otherwise));
    }

    /** {@code 2500} or {@code 2500-4000}. */
    static final class SpanConverter implements ITypeConverter<Span> {
        SpanConverter() {}

        @Override
        public Span convert(String text) {
            return Span.parse(text)
                    .orElseThrow(
                            () ->
                                    new TypeConversionException(
                                            "'%s' is not %s".formatted(text, Span.FORM)));
        }
    }
}
