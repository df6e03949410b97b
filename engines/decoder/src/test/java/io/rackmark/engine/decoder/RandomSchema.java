package io.rackmark.engine.decoder;

import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Random JSON schemas of the supported keywords, always the same for a seed. */
final class RandomSchema {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String[] NAMES = {"a", "ab", "sql", "größe", "x\"y", "日本"};
    private static final String[] SCALARS = {"string", "integer", "number", "boolean", "null"};

    private final Random random;

    RandomSchema(Random random) {
        this.random = random;
    }

    JsonNode next(int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 7)) {
            case 0, 1 -> typed(SCALARS[random.nextInt(SCALARS.length)]);
            case 2 -> values();
            case 3 -> typed("array").set("items", next(depth - 1));
            case 4 -> anyOf(depth);
            default -> object(depth);
        };
    }

    ObjectNode object(int depth) {
        ObjectNode schema = typed("object").put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (String name : NAMES) {
            if (random.nextBoolean()) {
                properties.set(name, next(depth - 1));
                if (random.nextBoolean()) {
                    required.add(name);
                }
            }
        }
        return schema;
    }

    private static ObjectNode typed(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    private JsonNode values() {
        ObjectNode schema = JSON.createObjectNode();
        schema.putArray("enum").add("red").add("rot").add(12).addNull().add("gr\u00fcn\n");
        return schema;
    }

    private JsonNode anyOf(int depth) {
        ObjectNode schema = JSON.createObjectNode();
        ArrayNode options = schema.putArray("anyOf");
        for (int i = 0; i <= random.nextInt(3); i++) {
            options.add(next(depth - 1));
        }
        return schema;
    }
}
