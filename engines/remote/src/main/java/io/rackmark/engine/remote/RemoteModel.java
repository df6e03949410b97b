package io.rackmark.engine.remote;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A model as the endpoint lists it.
 *
 * @param id name in requests
 * @param contextTokens longest context; null when not told
 * @param quantization such as {@code fp8}; null when not told
 * @param ownedBy who made or serves it; null when not told
 */
public record RemoteModel(
        String id,
        @Nullable Integer contextTokens,
        @Nullable String quantization,
        @Nullable String ownedBy) {

    private static final List<String> CONTEXT =
            List.of("context_length", "max_model_len", "context_window", "max_context_length");

    /** Sorted by name; empty when the bytes are not a list of models. */
    static Optional<List<RemoteModel>> list(byte[] body) {
        JsonNode root;
        try {
            root = DeltaReader.JSON.readTree(body);
        } catch (JacksonException e) {
            return Optional.empty();
        }
        JsonNode data = root.isArray() ? root : root.path("data");
        if (!data.isArray()) {
            return Optional.empty();
        }
        List<RemoteModel> models = new ArrayList<>();
        for (JsonNode node : data) {
            if (node.path("id").isString()) {
                models.add(of(node));
            }
        }
        models.sort(Comparator.comparing(RemoteModel::id));
        return Optional.of(models);
    }

    private static RemoteModel of(JsonNode node) {
        return new RemoteModel(
                node.path("id").stringValue(),
                CONTEXT.stream()
                        .map(node::path)
                        .filter(n -> n.isIntegralNumber() && n.canConvertToInt())
                        .map(JsonNode::intValue)
                        .findFirst()
                        .orElse(null),
                text(node, "quantization"),
                text(node, "owned_by"));
    }

    private static @Nullable String text(JsonNode node, String name) {
        return node.path(name).isString() ? node.path(name).stringValue() : null;
    }
}
