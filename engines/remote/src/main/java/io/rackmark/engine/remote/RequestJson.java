package io.rackmark.engine.remote;

import io.rackmark.engine.Message;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of requests in an endpoint's dialect. */
final class RequestJson {
    private RequestJson() {}

    /** Path under the endpoint's address. */
    static String path(RemoteRequest request) {
        return switch (request.prompt()) {
            case RemoteRequest.Prompt.Chat _ -> "chat/completions";
            case RemoteRequest.Prompt.Text _ -> "completions";
        };
    }

    static byte[] body(RemoteRequest request, Dialect dialect) {
        ObjectNode body = DeltaReader.JSON.createObjectNode();
        body.put("model", request.model());
        prompt(body, request.prompt());
        body.put(
                Objects.requireNonNullElse(dialect.maxTokens(), "max_tokens"), request.maxTokens());
        if (!Boolean.FALSE.equals(dialect.temperature())) {
            body.put("temperature", 0);
        }
        body.put("stream", request.stream());
        if (request.stream() && !Boolean.FALSE.equals(dialect.streamUsage())) {
            body.putObject("stream_options").put("include_usage", true);
        }
        if (dialect.reasoningEffort() != null) {
            body.put("reasoning_effort", dialect.reasoningEffort());
        }
        if (dialect.responseFormat() != null) {
            body.putObject("response_format").put("type", dialect.responseFormat());
        }
        @Nullable ObjectNode extra = dialect.body();
        if (extra != null) {
            extra.properties().forEach(member -> body.set(member.getKey(), member.getValue()));
        }
        return DeltaReader.JSON.writeValueAsBytes(body);
    }

    private static void prompt(ObjectNode body, RemoteRequest.Prompt prompt) {
        switch (prompt) {
            case RemoteRequest.Prompt.Chat chat -> {
                ArrayNode messages = body.putArray("messages");
                for (Message message : chat.messages()) {
                    messages.addObject()
                            .put("role", message.role().label())
                            .put("content", message.content());
                }
            }
            case RemoteRequest.Prompt.Text text -> body.put("prompt", text.text());
        }
    }
}
