package io.rackmark.runner.serve;

import io.rackmark.engine.Completion;
import io.rackmark.engine.TokenLogprobs;
import io.rackmark.engine.worker.TextDelta;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The bodies and pieces of one answer, in the form of chat-completions or of completions. */
final class Replies {
    static final JsonMapper JSON = new JsonMapper();

    private final boolean chat;
    private final boolean usage;
    private final boolean logprobs;
    private final String id;
    private final long created = Instant.now().getEpochSecond();
    private final String model;
    private final String fingerprint;

    Replies(ApiRequest request, ServeSettings settings) {
        chat = request.chat();
        usage = request.usage();
        logprobs = request.generation().logprobs().isPresent();
        id = (chat ? "chatcmpl-" : "cmpl-") + UUID.randomUUID().toString().replace("-", "");
        model = settings.model();
        fingerprint = settings.fingerprint();
    }

    /**
     * The answer as a whole.
     *
     * @param told log probabilities of its tokens, if they were asked for
     */
    ObjectNode whole(Completion completion, List<TokenLogprobs> told) {
        ObjectNode body = head(chat ? "chat.completion" : "text_completion");
        ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
        if (chat) {
            choice.putObject("message")
                    .put("role", "assistant")
                    .put("content", completion.text())
                    .putNull("refusal");
        } else {
            choice.put("text", completion.text());
        }
        choice.put("finish_reason", finish(completion));
        choice.set("logprobs", logprobs(told));
        body.set("usage", tokens(completion));
        return body;
    }

    /** The piece that opens a chat; null when there is none. */
    @Nullable ObjectNode opening() {
        if (!chat) {
            return null;
        }
        ObjectNode body = piece();
        choice(body, null).putObject("delta").put("role", "assistant").put("content", "");
        return body;
    }

    ObjectNode delta(TextDelta delta) {
        ObjectNode body = piece();
        ObjectNode choice = choice(body, null);
        if (chat) {
            choice.putObject("delta").put("content", delta.text());
        } else {
            choice.put("text", delta.text());
        }
        choice.set("logprobs", logprobs(delta.logprobs()));
        return body;
    }

    /** The piece that says why the answer ended. */
    ObjectNode closing(Completion completion) {
        ObjectNode body = piece();
        ObjectNode choice = choice(body, finish(completion));
        if (chat) {
            choice.putObject("delta");
        } else {
            choice.put("text", "");
        }
        return body;
    }

    /** The last piece when the client asked for it. */
    ObjectNode usage(Completion completion) {
        ObjectNode body = head(pieceName());
        body.putArray("choices");
        body.set("usage", tokens(completion));
        return body;
    }

    static ObjectNode error(ApiException e) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("error")
                .put("message", e.getMessage())
                .put("type", e.type())
                .put("param", e.param())
                .put("code", e.code());
        return body;
    }

    private JsonNode logprobs(List<TokenLogprobs> told) {
        if (!logprobs) {
            return JSON.nullNode();
        }
        return chat ? Logprobs.chat(told) : Logprobs.legacy(told);
    }

    private ObjectNode piece() {
        ObjectNode body = head(pieceName());
        if (usage) {
            body.putNull("usage");
        }
        return body;
    }

    private String pieceName() {
        return chat ? "chat.completion.chunk" : "text_completion";
    }

    private ObjectNode head(String object) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model)
                .put("system_fingerprint", fingerprint);
    }

    private static ObjectNode choice(ObjectNode body, @Nullable String finish) {
        return body.putArray("choices")
                .addObject()
                .put("index", 0)
                .putNull("logprobs")
                .put("finish_reason", finish);
    }

    private static String finish(Completion completion) {
        return switch (completion.finish()) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case CANCELLED -> throw ApiException.unavailable("The server is shutting down");
        };
    }

    private static ObjectNode tokens(Completion completion) {
        int prompt = completion.promptTokens().size();
        int output = completion.outputTokens();
        return JSON.createObjectNode()
                .put("prompt_tokens", prompt)
                .put("completion_tokens", output)
                .put("total_tokens", prompt + output);
    }
}
