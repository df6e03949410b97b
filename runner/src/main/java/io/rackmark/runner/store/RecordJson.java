package io.rackmark.runner.store;

import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/** Result records as JSON: components in the order of declaration, instants as ISO-8601 text. */
final class RecordJson {
    /** Reads what an earlier version wrote: a component added since is null. */
    static final JsonMapper STORED = builder().build();

    /** Reads what anybody may have written: every component must be there. */
    static final JsonMapper EXPORTED =
            builder().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES).build();

    private RecordJson() {}

    private static JsonMapper.Builder builder() {
        return JsonMapper.builder()
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS);
    }

    static @Nullable String write(@Nullable Object value) {
        return value == null ? null : STORED.writeValueAsString(value);
    }

    static <T> T read(String json, Class<T> type) {
        return STORED.readValue(json, type);
    }

    static <T> @Nullable T readNullable(@Nullable String json, Class<T> type) {
        return json == null ? null : read(json, type);
    }

    static <T> List<T> readList(String json, TypeReference<List<T>> type) {
        return STORED.readValue(json, type);
    }

    /** A JSON object without insignificant white space. */
    static String compactObject(String json) {
        JsonNode tree = STORED.readTree(json);
        if (!tree.isObject()) {
            throw new IllegalArgumentException("not a JSON object");
        }
        return STORED.writeValueAsString(tree);
    }

    /**
     * Refuses null where a component is not declared nullable; the JSON library does not know.
     *
     * @param where path of the value, for the message
     */
    static void requireComplete(@Nullable Object value, String where) {
        if (value instanceof Record) {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                String path = where + "." + component.getName();
                Object inner = component(value, component);
                if (inner == null
                        && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    throw new IllegalArgumentException(path + " is null");
                }
                requireComplete(inner, path);
            }
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                requireComplete(list.get(i), where + "[" + i + "]");
            }
        }
    }

    private static @Nullable Object component(Object value, RecordComponent component) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
