package io.rackmark.engine.remote.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The providers known here: those that come with the program, and the user's, key by key over them.
 *
 * @param byName sorted
 */
public record Providers(Map<String, Provider> byName) {
    private static final String BUILT_IN = "providers.yaml";

    /** Far above any file of providers. */
    private static final long MOST_BYTES = 4 << 20;

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    /** The form of the file. */
    private record Form(@Nullable Map<String, Provider> providers) {}

    public Providers {
        byName = java.util.Collections.unmodifiableMap(new TreeMap<>(byName));
    }

    /** Only those that come with the program. */
    public static Providers builtIn() {
        return of(builtInTree(), BUILT_IN);
    }

    /**
     * With the user's file over them.
     *
     * @throws IllegalArgumentException naming file and fault in one sentence
     */
    public static Providers with(Path file) {
        Map<Object, Object> merged = builtInTree();
        merge(merged, tree(text(file), file.toString()));
        return of(merged, file.toString());
    }

    /** The provider of this name; empty when there is none. */
    public Optional<Provider> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All names, sorted. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IllegalArgumentException(
                        file + " is larger than 4 MiB, which no list of providers is");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read the providers in %s (%s); check the path and that it is UTF-8 text"
                            .formatted(file, e),
                    e);
        }
    }

    private static Map<Object, Object> builtInTree() {
        try (InputStream in = Providers.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + BUILT_IN);
            }
            return tree(new String(in.readAllBytes(), StandardCharsets.UTF_8), BUILT_IN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<Object, Object> tree(String yaml, String file) {
        try {
            Object root =
                    new Load(
                                    LoadSettings.builder()
                                            .setLabel(file)
                                            .setMaxAliasesForCollections(0)
                                            .build())
                            .loadFromString(yaml);
            if (root instanceof Map<?, ?> map) {
                return new LinkedHashMap<>(map);
            }
            throw new IllegalArgumentException(
                    file + " must be a mapping that begins with 'providers:'");
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(
                    "%s is not YAML: %s"
                            .formatted(
                                    file, String.valueOf(e.getMessage()).replaceAll("\\s+", " ")),
                    e);
        }
    }

    /** Mappings are merged, all else is replaced. */
    private static void merge(Map<Object, Object> into, Map<?, ?> over) {
        over.forEach(
                (key, value) -> {
                    if (value instanceof Map<?, ?> inner
                            && into.get(key) instanceof Map<?, ?> old) {
                        Map<Object, Object> both = new LinkedHashMap<>(old);
                        merge(both, inner);
                        into.put(key, both);
                    } else {
                        into.put(key, value);
                    }
                });
    }

    private static Providers of(Map<Object, Object> tree, String file) {
        try {
            Form form = MAPPER.convertValue(tree, Form.class);
            return new Providers(form.providers() == null ? Map.of() : form.providers());
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s: %s".formatted(file, fault(e).replaceAll("\\s+", " ")), e);
        }
    }

    private static String fault(Exception e) {
        Throwable inner = e instanceof DatabindException ? e : e.getCause();
        if (inner instanceof UnrecognizedPropertyException unknown) {
            return "unknown key '%s' in %s; known: %s"
                    .formatted(
                            unknown.getPropertyName(),
                            path(unknown),
                            String.join(", ", names(unknown)));
        }
        if (inner instanceof DatabindException bound) {
            return "%s: %s".formatted(path(bound), bound.getOriginalMessage());
        }
        return String.valueOf(e.getMessage());
    }

    private static List<String> names(UnrecognizedPropertyException unknown) {
        return unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList();
    }

    private static String path(DatabindException e) {
        return String.join(
                ".",
                e.getPath().stream()
                        .map(JacksonException.Reference::getPropertyName)
                        .filter(java.util.Objects::nonNull)
                        .toList());
    }
}
