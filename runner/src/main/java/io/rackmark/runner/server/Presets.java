package io.rackmark.runner.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The servers that Rackmark knows how to start. */
public final class Presets {
    private static final Map<String, Preset> ALL = load();

    private Presets() {}

    /** Their names, in order. */
    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    static Optional<Preset> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static Map<String, Preset> load() {
        try (InputStream in =
                Objects.requireNonNull(Presets.class.getResourceAsStream("presets.yaml"))) {
            Object tree = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
            JsonMapper mapper =
                    JsonMapper.builder()
                            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                            .build();
            return mapper.convertValue(tree, new TypeReference<TreeMap<String, Preset>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
