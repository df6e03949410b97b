package io.rackmark.engine.remote;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the JSON objects of chat completions and completions, streamed or whole. Only the first
 * choice is read; tool calls are not asked for and not read.
 */
final class DeltaReader {
    static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private DeltaReader() {}

    /**
     * One object.
     *
     * @throws JacksonException when the bytes are not one JSON object in UTF-8
     */
    static Delta read(byte[] bytes, int length) {
        JsonNode root = JSON.readTree(bytes, 0, length);
        if (!root.isObject()) {
            throw new NotAnObjectException();
        }
        JsonNode choice = firstChoice(root.path("choices"));
        JsonNode body = choice.has("delta") ? choice.path("delta") : choice.path("message");
        String answer = choice.has("text") ? text(choice.path("text")) : text(body.path("content"));
        String reasoning = text(body.path("reasoning_content"));
        if (reasoning.isEmpty()) {
            reasoning = text(body.path("reasoning"));
        }
        if (reasoning.isEmpty()) {
            reasoning = thinking(body.path("content"));
        }
        return new Delta(
                answer,
                reasoning,
                word(choice.path("finish_reason")),
                usage(root),
                error(root),
                word(root.path("model")));
    }

    private static JsonNode firstChoice(JsonNode choices) {
        for (JsonNode choice : choices) {
            if (choice.path("index").asInt(0) == 0) {
                return choice;
            }
        }
        return choices.path(0).path("absent");
    }

    /** A string, or the text parts of a list of parts. */
    private static String text(JsonNode content) {
        if (content.isString()) {
            return content.stringValue();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (part.path("type").asString("").equals("text")) {
                text.append(part.path("text").asString(""));
            }
        }
        return text.toString();
    }

    /** Some servers show thoughts as parts of the content. */
    private static String thinking(JsonNode content) {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (part.path("type").asString("").equals("thinking")) {
                text.append(text(part.path("thinking")));
            }
        }
        return text.toString();
    }

    private static @Nullable String word(JsonNode node) {
        return node.isString() && !node.stringValue().isEmpty() ? node.stringValue() : null;
    }

    private static @Nullable Usage usage(JsonNode root) {
        JsonNode usage = root.path("usage");
        if (!usage.isObject()) {
            usage = root.path("x_groq").path("usage");
        }
        if (!usage.isObject()) {
            return null;
        }
        Integer cached = count(usage.path("prompt_tokens_details").path("cached_tokens"));
        return new Usage(
                count(usage.path("prompt_tokens")),
                count(usage.path("completion_tokens")),
                cached == null ? count(usage.path("prompt_cache_hit_tokens")) : cached,
                count(usage.path("completion_tokens_details").path("reasoning_tokens")));
    }

    private static @Nullable Integer count(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 0
                ? node.intValue()
                : null;
    }

    private static @Nullable JsonNode error(JsonNode root) {
        JsonNode error = root.path("error");
        if (error.isObject() || error.isString()) {
            return error;
        }
        return root.path("object").asString("").equals("error") ? root : null;
    }

    /** JSON, but a list, a number or a word. */
    private static final class NotAnObjectException extends JacksonException {
        private static final long serialVersionUID = 1L;

        NotAnObjectException() {
            super("not a JSON object");
        }

        @Override
        public @Nullable Object processor() {
            return null;
        }
    }
}
