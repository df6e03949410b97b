package io.rackmark.engine.decoder;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code tokenizer_config.json} and {@code generation_config.json} say about text.
 *
 * @param bosToken empty when there is none
 * @param eosToken empty when there is none
 * @param addBos whether plain text starts with {@code bosToken}; null leaves it to {@code
 *     tokenizer.json}
 * @param chatTemplate Jinja source; null when there is none
 * @param endIds {@code eos_token_id}, one or several
 */
record TokenizerConfig(
        String bosToken,
        String eosToken,
        @Nullable Boolean addBos,
        @Nullable String chatTemplate,
        List<Integer> endIds) {
    private static final long MAX_BYTES = 64L << 20;
    private static final JsonMapper JSON = new JsonMapper();

    TokenizerConfig {
        endIds = List.copyOf(endIds);
    }

    static TokenizerConfig read(Path checkpoint) {
        JsonNode config = json(checkpoint.resolve("tokenizer_config.json"));
        Path generation = checkpoint.resolve("generation_config.json");
        JsonNode ends =
                Files.exists(generation)
                        ? json(generation).path("eos_token_id")
                        : JSON.missingNode();
        JsonNode addBos = config.path("add_bos_token");
        return new TokenizerConfig(
                token(config.path("bos_token")),
                token(config.path("eos_token")),
                addBos.isBoolean() ? addBos.booleanValue() : null,
                template(checkpoint, config.path("chat_template")),
                ids(ends));
    }

    private static List<Integer> ids(JsonNode node) {
        Set<Integer> ids = new TreeSet<>();
        if (node.isInt()) {
            ids.add(node.intValue());
        }
        for (JsonNode element : node) {
            if (element.isInt()) {
                ids.add(element.intValue());
            }
        }
        return List.copyOf(ids);
    }

    /** A token is a string, or an object (AddedToken) with the string as its content. */
    private static String token(JsonNode node) {
        JsonNode content = node.isObject() ? node.path("content") : node;
        return content.isString() ? content.stringValue() : "";
    }

    /** One template, or several of which the one named "default" is for chats. */
    private static @Nullable String template(Path checkpoint, JsonNode node) {
        Path file = checkpoint.resolve("chat_template.jinja");
        if (Files.exists(file)) {
            return text(file);
        }
        if (node.isString()) {
            return node.stringValue();
        }
        for (JsonNode named : node) {
            if (named.path("name").asString("").equals("default")) {
                return named.path("template").asString("");
            }
        }
        return null;
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(text(file));
        } catch (JacksonException e) {
            throw bad(file, "is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    static String text(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw bad(file, "has %d bytes, more than %d".formatted(size, MAX_BYTES), null);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw bad(file, "cannot be read (%s)".formatted(e), e);
        }
    }

    static EngineException bad(Path file, String fault, @Nullable Throwable cause) {
        return new EngineException(
                Kind.BAD_MODEL, "%s %s: fetch the checkpoint again".formatted(file, fault), cause);
    }
}
