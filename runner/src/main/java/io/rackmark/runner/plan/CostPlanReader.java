package io.rackmark.runner.plan;

import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.cost.Span;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The {@code cost} section of a plan: what this box costs, with the defaults of the flags. */
final class CostPlanReader {
    static final Set<String> COST_KEYS =
            Set.of("capex", "watts", "kwh", "years", "utilisation", "pue", "ops", "currency");

    private static final List<String> NEEDED = List.of("capex", "watts", "kwh");

    private CostPlanReader() {}

    /** Empty when something is wrong, which the map has kept. */
    static Optional<CostInputs> read(YamlMap map) {
        List<String> missing = NEEDED.stream().filter(key -> !map.has(key)).toList();
        if (!missing.isEmpty()) {
            map.fault("cost also needs " + String.join(", ", missing));
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new CostInputs(
                            span(map, "capex", 0),
                            span(map, "years", Defaults.COST_YEARS),
                            span(map, "utilisation", Defaults.COST_UTILISATION),
                            span(map, "watts", 0),
                            span(map, "pue", Defaults.COST_PUE),
                            span(map, "kwh", 0),
                            span(map, "ops", Defaults.COST_OPS),
                            map.text("currency", Defaults.CURRENCY)));
        } catch (IllegalArgumentException e) {
            map.fault("cost: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Span span(YamlMap map, String key, double unset) {
        return map.parsed(key, Span::parse, Span.FORM).orElseGet(() -> Span.of(unset));
    }
}
