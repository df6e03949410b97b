package io.rackmark.runner.agent;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a response. Anything may stand in it: nothing here throws, and the work is linear in its
 * length.
 */
final class AnswerParser {
    /** Longer responses are not looked into; 1024 tokens make a tenth of this. */
    static final int MOST_CHARS = 262_144;

    private static final int MOST_CANDIDATES = 32;
    private static final int DEEPEST = 64;

    private static final JsonMapper STRICT =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(limits())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .build();

    /** Raw line breaks and {@code \'} inside strings are the commonest slips of small models. */
    private static final JsonMapper LENIENT =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(limits())
                                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                                    .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
                                    .build())
                    .build();

    private AnswerParser() {}

    /** Reads the JSON contract strictly, then leniently for the sake of execution alone. */
    static Answer parse(String response) {
        if (response.length() > MOST_CHARS) {
            return new Answer.NotJson();
        }
        return read(STRICT, response, true)
                .or(() -> firstObject(response))
                .orElseGet(Answer.NotJson::new);
    }

    /** Takes a bare response as SQL after stripping one code fence around it, if there is one. */
    static String bareSql(String response) {
        String text = response.strip();
        int lineEnd = text.indexOf('\n');
        if (!text.startsWith("```") || lineEnd < 0) {
            return text;
        }
        int close = text.lastIndexOf("```");
        return text.substring(lineEnd + 1, close > lineEnd ? close : text.length()).strip();
    }

    /** The same text with unpaired surrogates replaced: UTF-8 cannot carry them. */
    static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static Optional<Answer> firstObject(String response) {
        int open = response.indexOf('{');
        for (int tried = 0; open >= 0 && tried < MOST_CANDIDATES; tried++) {
            int close = balancedEnd(response, open);
            if (close > 0) {
                Optional<Answer> found = read(LENIENT, response.substring(open, close), false);
                if (found.isPresent()) {
                    return found;
                }
            }
            open = response.indexOf('{', open + 1);
        }
        return Optional.empty();
    }

    /** Offset after the brace that closes the one at {@code open}, or -1. */
    private static int balancedEnd(String text, int open) {
        int depth = 0;
        boolean quoted = false;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '{') {
                depth++;
            } else if (!quoted && c == '}' && --depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private static Optional<Answer> read(JsonMapper mapper, String json, boolean honoured) {
        try {
            JsonNode root = mapper.readTree(json);
            String sql = text(root, "sql");
            return sql == null || sql.isBlank()
                    ? Optional.empty()
                    : Optional.of(new Answer.Found(sql, text(root, "rationale"), honoured));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static @Nullable String text(@Nullable JsonNode root, String key) {
        JsonNode value = root == null || !root.isObject() ? null : root.get(key);
        return value == null || !value.isString() ? null : wellFormed(value.stringValue());
    }

    private static StreamReadConstraints limits() {
        return StreamReadConstraints.builder()
                .maxNestingDepth(DEEPEST)
                .maxStringLength(MOST_CHARS)
                .build();
    }
}
