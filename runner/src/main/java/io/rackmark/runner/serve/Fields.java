package io.rackmark.runner.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fields of a request body; a wrong one is named in the error. Null is as good as absent. */
final class Fields {
    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(100)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final JsonNode object;

    Fields(JsonNode object) {
        this.object = object;
    }

    static Fields parse(byte[] body) {
        try {
            JsonNode node = JSON.readTree(body);
            if (node.isObject()) {
                return new Fields(node);
            }
        } catch (JacksonException e) {
            throw ApiException.invalid(
                    null, "The body is not valid JSON: " + e.getOriginalMessage());
        }
        throw ApiException.invalid(null, "The body must be a JSON object");
    }

    Set<String> names() {
        return Set.copyOf(object.propertyNames());
    }

    Optional<JsonNode> get(String name) {
        JsonNode value = object.path(name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    Optional<String> text(String name) {
        return get(name)
                .map(
                        value -> {
                            if (!value.isString()) {
                                throw wrong(name, "a string");
                            }
                            return value.stringValue();
                        });
    }

    boolean flag(String name) {
        return get(name)
                .map(
                        value -> {
                            if (!value.isBoolean()) {
                                throw wrong(name, "true or false");
                            }
                            return value.booleanValue();
                        })
                .orElse(false);
    }

    OptionalDouble number(String name, double least, double most) {
        JsonNode value = get(name).orElse(null);
        if (value == null) {
            return OptionalDouble.empty();
        }
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!(number >= least && number <= most)) {
            throw wrong(name, "a number from %s to %s".formatted(least, most));
        }
        return OptionalDouble.of(number);
    }

    OptionalLong integer(String name, long least, long most) {
        JsonNode value = get(name).orElse(null);
        if (value == null) {
            return OptionalLong.empty();
        }
        boolean good = value.isIntegralNumber() && value.canConvertToLong();
        if (!good || value.longValue() < least || value.longValue() > most) {
            throw wrong(name, "an integer from %d to %d".formatted(least, most));
        }
        return OptionalLong.of(value.longValue());
    }

    /** One string or a list of them. */
    List<String> texts(String name, int most) {
        JsonNode value = get(name).orElse(null);
        List<String> texts = new ArrayList<>();
        if (value != null && value.isString()) {
            texts.add(value.stringValue());
        } else if (value != null) {
            value.forEach(each -> texts.add(each.isString() ? each.stringValue() : ""));
        }
        boolean list = value == null || value.isString() || value.isArray();
        if (!list || texts.size() > most || texts.contains("")) {
            throw wrong(name, "a string or a list of at most %d strings".formatted(most));
        }
        return texts;
    }

    static ApiException wrong(String name, String due) {
        return ApiException.invalid(name, "'%s' must be %s".formatted(name, due));
    }
}
