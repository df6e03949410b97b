package io.rackmark.runner.serve;

import io.rackmark.engine.AnswerFormat;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.Message;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;

/**
 * Reads the bodies of chat-completions and completions. Nothing that would change the answer is
 * passed over in silence: what is not supported is refused by name.
 */
final class RequestReader {
    /** Have no bearing on the text of one answer. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "user",
                    "store",
                    "metadata",
                    "service_tier",
                    "safety_identifier",
                    "prompt_cache_key",
                    "parallel_tool_calls",
                    "verbosity",
                    "reasoning_effort");

    private static final Set<String> SHARED =
            Set.of(
                    "model",
                    "max_tokens",
                    "temperature",
                    "top_p",
                    "top_k",
                    "seed",
                    "stop",
                    "stream",
                    "stream_options",
                    "response_format");
    private static final Set<String> OF_CHAT =
            Set.of("messages", "max_completion_tokens", "logprobs", "top_logprobs");
    private static final Set<String> OF_COMPLETIONS = Set.of("prompt", "logprobs");
    private static final int MOST_STOPS = 16;

    /** As the interface has it for completions; chats may ask for more. */
    private static final int MOST_LEGACY_LOGPROBS = 5;

    private final String model;
    private final int contextTokens;

    RequestReader(String model, int contextTokens) {
        this.model = model;
        this.contextTokens = contextTokens;
    }

    ApiRequest chat(byte[] body) {
        Fields fields = checked(body, OF_CHAT);
        return request(fields, new Prompt.Chat(messages(fields)), logprobs(fields), true);
    }

    ApiRequest completion(byte[] body) {
        Fields fields = checked(body, OF_COMPLETIONS);
        OptionalLong logprobs = fields.integer("logprobs", 0, MOST_LEGACY_LOGPROBS);
        return request(fields, prompt(fields), logprobs, false);
    }

    private Fields checked(byte[] body, Set<String> own) {
        Fields fields = Fields.parse(body);
        String asked =
                fields.text("model")
                        .orElseThrow(() -> ApiException.invalid("model", "'model' is missing"));
        if (!asked.equals(model)) {
            throw ApiException.noSuchModel(asked, model);
        }
        for (String name : fields.names()) {
            if (!own.contains(name) && !SHARED.contains(name) && !HARMLESS.contains(name)) {
                requireIdle(name, fields);
            }
        }
        return fields;
    }

    /** Parameters that clients send with the value that stands for nothing. */
    private static void requireIdle(String name, Fields fields) {
        JsonNode value = fields.get(name).orElse(null);
        boolean idle =
                value == null
                        || switch (name) {
                            case "n", "best_of" -> value.isInt() && value.intValue() == 1;
                            case "presence_penalty", "frequency_penalty" ->
                                    value.isNumber() && value.doubleValue() == 0;
                            case "echo" -> value.isBoolean() && !value.booleanValue();
                            case "logit_bias", "tools", "functions" -> value.isEmpty();
                            case "tool_choice" -> value.asString("").equals("none");
                            case "suffix" -> value.asString("x").isEmpty();
                            case "modalities" -> value.toString().equals("[\"text\"]");
                            default -> false;
                        };
        if (!idle) {
            throw ApiException.unsupported(
                    name, "This server does not support '%s'; leave it out".formatted(name));
        }
    }

    /** How many of the likeliest tokens are wanted; empty without log probabilities. */
    private static OptionalLong logprobs(Fields fields) {
        OptionalLong likeliest = fields.integer("top_logprobs", 0, GenerationRequest.MOST_LOGPROBS);
        if (fields.flag("logprobs")) {
            return OptionalLong.of(likeliest.orElse(0));
        }
        if (likeliest.isPresent()) {
            throw ApiException.invalid(
                    "top_logprobs", "'top_logprobs' needs 'logprobs' to be true");
        }
        return OptionalLong.empty();
    }

    private ApiRequest request(Fields fields, Prompt prompt, OptionalLong logprobs, boolean chat) {
        int most = 1 << 30;
        long limit =
                fields.integer("max_completion_tokens", 1, most)
                        .orElse(fields.integer("max_tokens", 1, most).orElse(contextTokens));
        boolean stream = fields.flag("stream");
        boolean usage =
                fields.get("stream_options")
                        .map(options -> new Fields(options).flag("include_usage"))
                        .orElse(false);
        GenerationRequest plain =
                new GenerationRequest(
                        prompt,
                        sampling(fields),
                        (int) Math.min(limit, contextTokens),
                        fields.texts("stop", MOST_STOPS),
                        false,
                        0,
                        format(fields));
        return new ApiRequest(
                logprobs.isPresent() ? plain.withLogprobs((int) logprobs.getAsLong()) : plain,
                chat,
                stream,
                usage);
    }

    private static Sampling sampling(Fields fields) {
        double topP = fields.number("top_p", 0, 1).orElse(1);
        return new Sampling(
                fields.number("temperature", 0, 2).orElse(1),
                (int) fields.integer("top_k", 0, 1 << 30).orElse(0),
                Math.max(topP, 1e-6), // 0 is allowed there and means the best token alone
                fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE)
                        .orElseGet(() -> ThreadLocalRandom.current().nextLong()));
    }

    private static AnswerFormat format(Fields fields) {
        JsonNode format = fields.get("response_format").orElse(null);
        if (format == null) {
            return AnswerFormat.FREE;
        }
        return switch (format.path("type").asString("")) {
            case "text" -> AnswerFormat.FREE;
            case "json_object" -> new AnswerFormat.JsonObject();
            case "json_schema" -> {
                JsonNode schema = format.at("/json_schema/schema");
                if (schema.isMissingNode()) {
                    throw ApiException.invalid(
                            "response_format", "'response_format.json_schema.schema' is missing");
                }
                yield new AnswerFormat.JsonSchema(schema.toString());
            }
            default ->
                    throw ApiException.invalid(
                            "response_format",
                            "'response_format.type' must be text, json_object or json_schema");
        };
    }

    private static List<Message> messages(Fields fields) {
        JsonNode list =
                fields.get("messages")
                        .filter(node -> node.isArray() && !node.isEmpty())
                        .orElseThrow(
                                () -> Fields.wrong("messages", "a list of at least one message"));
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String place = "messages[%d]".formatted(i);
            JsonNode message = list.get(i);
            messages.add(
                    new Message(
                            role(message.path("role").asString(""), place),
                            content(message.path("content"), place)));
        }
        return messages;
    }

    private static Message.Role role(String role, String place) {
        return switch (role) {
            case "system", "developer" -> Message.Role.SYSTEM;
            case "user" -> Message.Role.USER;
            case "assistant" -> Message.Role.ASSISTANT;
            default -> throw Fields.wrong(place + ".role", "system, developer, user or assistant");
        };
    }

    /** A text, or parts of type text. */
    private static String content(JsonNode content, String place) {
        if (content.isString()) {
            return content.stringValue();
        }
        StringBuilder text = new StringBuilder();
        boolean good = content.isArray();
        for (JsonNode part : content) {
            good &= part.path("type").asString("").equals("text") && part.path("text").isString();
            text.append(part.path("text").asString(""));
        }
        if (!good) {
            throw Fields.wrong(place + ".content", "a string or a list of parts of type text");
        }
        return text.toString();
    }

    /** A text, or token ids; a list of one prompt is that prompt. */
    private static Prompt prompt(Fields fields) {
        JsonNode prompt = fields.get("prompt").orElseThrow(() -> wrongPrompt());
        if (prompt.isArray() && prompt.size() == 1 && !prompt.get(0).isNumber()) {
            prompt = prompt.get(0);
        }
        if (prompt.isString()) {
            return new Prompt.Text(prompt.stringValue());
        }
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : prompt) {
            if (!id.isInt()) {
                throw wrongPrompt();
            }
            ids.add(id.intValue());
        }
        if (ids.isEmpty()) {
            throw wrongPrompt();
        }
        return new Prompt.Tokens(ids);
    }

    private static ApiException wrongPrompt() {
        return Fields.wrong("prompt", "one string or one list of token ids");
    }
}
