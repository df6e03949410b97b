package io.rackmark.engine.decoder.grammar;

import io.rackmark.engine.EngineException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The language of a JSON Schema (2020-12), of the keywords that say how a value is built. What is
 * written always fits the schema, but not all that fits can be written: members come in the order
 * of the schema, and none that it does not list.
 */
final class SchemaReader {
    private static final Set<String> NOTES =
            Set.of(
                    "title",
                    "description",
                    "default",
                    "examples",
                    "deprecated",
                    "readOnly",
                    "writeOnly",
                    "$schema",
                    "$id",
                    "$comment",
                    "$defs",
                    "definitions");
    private static final List<String> KNOWN =
            List.of(
                    "type",
                    "properties",
                    "required",
                    "additionalProperties",
                    "items",
                    "enum",
                    "const",
                    "anyOf",
                    "$ref");
    private static final List<String> TYPES =
            List.of("object", "array", "string", "number", "integer", "boolean", "null");
    private static final int MOST_DEPTH = 64;
    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode root;
    private final Map<String, Reference> references = new HashMap<>();
    private int depth;

    private SchemaReader(JsonNode root) {
        this.root = root;
    }

    /**
     * @throws EngineException of kind {@code BAD_REQUEST} naming the keyword and its place
     */
    static Expr read(String schema) {
        JsonNode root;
        try {
            root = JSON.readTree(schema);
        } catch (JacksonException e) {
            throw bad("the JSON schema is not JSON: " + e.getOriginalMessage());
        }
        SchemaReader reader = new SchemaReader(root);
        Expr language = reader.schema(root, "#");
        reader.references.forEach((name, reference) -> requireFinite(name, reference));
        return language;
    }

    /** A reference that is itself, with nothing around it, holds no value. */
    private static void requireFinite(String name, Reference reference) {
        Set<Expr> seen = new HashSet<>();
        List<Expr> open = new ArrayList<>(List.of(reference.target()));
        while (!open.isEmpty()) {
            Expr next = open.removeLast();
            if (next == reference) {
                throw bad("the JSON schema refers from %s to itself".formatted(name));
            }
            if (seen.add(next)) {
                switch (next) {
                    case Reference other -> open.add(other.target());
                    case Expr.Choice(Set<Expr> options) -> open.addAll(options);
                    default -> {}
                }
            }
        }
    }

    private Expr schema(JsonNode node, String place) {
        if (++depth > MOST_DEPTH) {
            throw bad("the JSON schema nests deeper than " + MOST_DEPTH);
        }
        try {
            if (node.isBoolean() && node.booleanValue()) {
                return Json.VALUE;
            }
            if (!node.isObject()) {
                throw bad("the JSON schema has at %s what is not a schema".formatted(place));
            }
            requireKnown(node, place);
            if (node.has("$ref")) {
                return alone(node, "$ref", place, reference(node.get("$ref"), place));
            }
            if (node.has("anyOf")) {
                return alone(node, "anyOf", place, anyOf(node.get("anyOf"), place));
            }
            if (node.has("enum") || node.has("const")) {
                return values(node, place);
            }
            return typed(node, place);
        } finally {
            depth--;
        }
    }

    private static void requireKnown(JsonNode node, String place) {
        for (String keyword : node.propertyNames()) {
            if (!KNOWN.contains(keyword) && !NOTES.contains(keyword)) {
                throw bad(
                        "the JSON schema keyword '%s' at %s is not supported; supported: %s"
                                .formatted(keyword, place, String.join(", ", KNOWN)));
            }
        }
    }

    private static Expr alone(JsonNode node, String keyword, String place, Expr language) {
        for (String other : node.propertyNames()) {
            if (KNOWN.contains(other) && !other.equals(keyword)) {
                throw bad(
                        "the JSON schema keyword '%s' beside '%s' at %s is not supported"
                                .formatted(other, keyword, place));
            }
        }
        return language;
    }

    private Expr reference(JsonNode target, String place) {
        String path = target.asString("");
        Reference known = references.get(path);
        if (known != null) {
            return known;
        }
        JsonNode found =
                path.equals("#")
                        ? root
                        : path.matches("#/(\\$defs|definitions)/[^/~%]+")
                                ? root.at(path.substring(1))
                                : JSON.missingNode();
        if (found.isMissingNode()) {
            throw bad(
                    "the JSON schema has no '%s', which $ref at %s names; supported are # and #/$defs/NAME"
                            .formatted(path, place));
        }
        Reference made = new Reference();
        references.put(path, made);
        made.become(schema(found, path));
        return made;
    }

    private Expr anyOf(JsonNode options, String place) {
        if (!options.isArray() || options.isEmpty()) {
            throw bad("the JSON schema has at %s/anyOf no list of schemas".formatted(place));
        }
        Expr all = Expr.NONE;
        for (int i = 0; i < options.size(); i++) {
            all = Expr.either(all, schema(options.get(i), "%s/anyOf/%d".formatted(place, i)));
        }
        return all;
    }

    private static Expr values(JsonNode node, String place) {
        List<JsonNode> values = new ArrayList<>();
        if (node.has("const")) {
            values.add(node.get("const"));
        } else {
            node.get("enum").forEach(values::add);
        }
        Set<String> types = types(node, place);
        Expr all = Expr.NONE;
        for (JsonNode value : values) {
            boolean listed = !node.has("const") || !node.has("enum") || in(node.get("enum"), value);
            if (listed && (types.isEmpty() || types.stream().anyMatch(t -> is(value, t)))) {
                all = Expr.either(all, Expr.literal(JSON.writeValueAsString(value)));
            }
        }
        if (all == Expr.NONE) {
            throw bad("the JSON schema allows no value at %s".formatted(place));
        }
        alone(node, "enum", place, "const", "type");
        return all;
    }

    private static void alone(JsonNode node, String keyword, String place, String... besides) {
        Set<String> allowed = new HashSet<>(List.of(besides));
        allowed.add(keyword);
        for (String other : node.propertyNames()) {
            if (KNOWN.contains(other) && !allowed.contains(other)) {
                throw bad(
                        "the JSON schema keyword '%s' beside '%s' at %s is not supported"
                                .formatted(other, keyword, place));
            }
        }
    }

    private static boolean in(JsonNode list, JsonNode value) {
        return list.valueStream().anyMatch(value::equals);
    }

    private static boolean is(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "number" -> value.isNumber();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            default -> value.isNull();
        };
    }

    /** The types a schema names; none when it names none. */
    private static Set<String> types(JsonNode node, String place) {
        Set<String> types = new LinkedHashSet<>();
        JsonNode type = node.path("type");
        if (type.isArray()) {
            type.forEach(each -> types.add(each.asString("")));
        } else if (node.has("type")) {
            types.add(type.asString(""));
        }
        for (String each : types) {
            if (!TYPES.contains(each)) {
                throw bad(
                        "the JSON schema has at %s/type '%s'; known: %s"
                                .formatted(place, each, String.join(", ", TYPES)));
            }
        }
        return types;
    }

    private Expr typed(JsonNode node, String place) {
        Set<String> types = types(node, place);
        if (types.isEmpty()) {
            if (node.has("properties")
                    || node.has("required")
                    || node.has("additionalProperties")) {
                types.add("object");
            } else if (node.has("items")) {
                types.add("array");
            } else {
                return Json.VALUE;
            }
        }
        Expr all = Expr.NONE;
        for (String type : types) {
            all = Expr.either(all, typed(node, type, place));
        }
        return all;
    }

    private Expr typed(JsonNode node, String type, String place) {
        return switch (type) {
            case "object" -> object(node, place);
            case "array" ->
                    node.has("items")
                            ? Json.array(schema(node.get("items"), place + "/items"))
                            : Json.ARRAY;
            case "string" -> Json.STRING;
            case "number" -> Digits.number(false);
            case "integer" -> Digits.number(true);
            case "boolean" -> Json.BOOLEAN;
            default -> Json.NULL;
        };
    }

    private Expr object(JsonNode node, String place) {
        JsonNode more = node.path("additionalProperties");
        if (!more.isMissingNode() && !more.isBoolean()) {
            throw bad(
                    "the JSON schema keyword 'additionalProperties' at %s is supported as true or false only"
                            .formatted(place));
        }
        boolean open = more.asBoolean(true);
        Set<String> required = new LinkedHashSet<>();
        node.path("required").forEach(name -> required.add(name.asString("")));
        JsonNode members = node.path("properties");
        if (open && members.isEmpty() && required.isEmpty()) {
            return Json.OBJECT;
        }
        List<Properties.Property> properties = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            String name = member.getKey();
            properties.add(
                    new Properties.Property(
                            JSON.writeValueAsString(name),
                            schema(member.getValue(), place + "/properties/" + name),
                            required.remove(name)));
        }
        for (String name : required) {
            if (!open) {
                throw bad(
                        "the JSON schema requires '%s' at %s, which its properties do not list"
                                .formatted(name, place));
            }
            properties.add(
                    new Properties.Property(JSON.writeValueAsString(name), Json.VALUE, true));
        }
        return Properties.object(properties);
    }

    private static EngineException bad(String message) {
        return new EngineException(EngineException.Kind.BAD_REQUEST, message);
    }
}
