package io.rackmark.model.synth;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The known shapes: the numbers of each model's published {@code config.json}. */
public final class Shapes {
    private static final JsonNode TABLE = table();

    private Shapes() {}

    /** Names in the order of the table. */
    public static List<String> names() {
        return List.copyOf(TABLE.propertyNames());
    }

    /**
     * A copy of the configuration of this shape.
     *
     * @throws ModelException naming the known shapes when there is no such one
     */
    static ObjectNode config(String name) {
        if (!(TABLE.path(name) instanceof ObjectNode config)) {
            throw new ModelException(
                    Kind.NOT_FOUND,
                    "unknown shape '%s'; known: %s".formatted(name, String.join(", ", names())));
        }
        return config.deepCopy();
    }

    private static JsonNode table() {
        try (InputStream in =
                Objects.requireNonNull(Shapes.class.getResourceAsStream("shapes.json"))) {
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
