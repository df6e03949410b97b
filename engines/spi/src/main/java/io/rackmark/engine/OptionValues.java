package io.rackmark.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The options of one engine, checked against their specifications when parsed. Immutable. */
public final class OptionValues {
    private final Map<String, OptionSpec> specs;
    private final Map<String, String> given;

    private OptionValues(Map<String, OptionSpec> specs, Map<String, String> given) {
        this.specs = specs;
        this.given = given;
    }

    /**
     * Checks names and values against {@code description}.
     *
     * @throws EngineException of kind {@code BAD_OPTION} listing every fault and the known options
     */
    public static OptionValues parse(EngineDescription description, Map<String, String> raw) {
        Map<String, OptionSpec> specs = new TreeMap<>();
        description.options().forEach(spec -> specs.put(spec.name(), spec));
        List<String> faults = new ArrayList<>();
        raw.forEach(
                (name, value) -> {
                    OptionSpec spec = specs.get(name);
                    if (spec == null) {
                        faults.add("unknown option '" + name + "'");
                    } else {
                        fault(spec, value).ifPresent(faults::add);
                    }
                });
        if (!faults.isEmpty()) {
            throw new EngineException(
                    EngineException.Kind.BAD_OPTION,
                    "engine %s: %s; known options: %s"
                            .formatted(
                                    description.id(),
                                    String.join("; ", faults),
                                    specs.isEmpty() ? "none" : String.join(", ", specs.keySet())));
        }
        return new OptionValues(specs, Map.copyOf(raw));
    }

    private static Optional<String> fault(OptionSpec spec, String value) {
        boolean good =
                switch (spec.kind()) {
                    case TEXT, PATH -> !value.isBlank();
                    case COUNT -> value.matches("\\d{1,9}");
                    case SWITCH -> value.equals("true") || value.equals("false");
                };
        return good
                ? Optional.empty()
                : Optional.of(
                        "option '%s' does not take '%s' (%s)"
                                .formatted(spec.name(), value, spec.help()));
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(value(name));
    }

    /** The count, or {@code unset} when neither the plan nor the specification gives one. */
    public int count(String name, int unset) {
        return text(name).map(Integer::parseInt).orElse(unset);
    }

    public boolean on(String name) {
        return text(name).map(Boolean::parseBoolean).orElse(false);
    }

    public Optional<Path> path(String name) {
        return text(name).map(Path::of);
    }

    /** What the plan gave, without defaults; sorted by name. */
    public Map<String, String> given() {
        return new TreeMap<>(given);
    }

    private @Nullable String value(String name) {
        OptionSpec spec = specs.get(name);
        if (spec == null) {
            throw new IllegalArgumentException("no option '" + name + "' is specified");
        }
        String value = given.get(name);
        return value != null ? value : spec.defaultValue();
    }

    @Override
    public String toString() {
        return given().entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(","));
    }
}
