package io.rackmark.runner.server;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a server says of its own times for one request; a cross-check, never a figure of ours.
 *
 * @param promptTokens that it computed, without cached ones
 * @param promptNanos for them
 * @param outputTokens that it generated
 * @param outputNanos for them
 * @param loadNanos for the model, when the request had to load it; null when it does not tell
 */
public record NativeTimings(
        int promptTokens,
        long promptNanos,
        int outputTokens,
        long outputNanos,
        @Nullable Long loadNanos) {

    /** Whose JSON it is. */
    public enum Form {
        /** {@code timings} with {@code prompt_n}, {@code prompt_ms} and the like. */
        LLAMA_SERVER,
        /** {@code prompt_eval_count}, {@code prompt_eval_duration} and the like, in ns. */
        OLLAMA
    }

    /** Empty when the answer holds no times. */
    static Optional<NativeTimings> parse(Form form, JsonNode answer) {
        return switch (form) {
            case LLAMA_SERVER -> llamaServer(answer.path("timings"));
            case OLLAMA -> ollama(answer);
        };
    }

    private static Optional<NativeTimings> llamaServer(JsonNode timings) {
        if (!timings.path("predicted_n").isNumber()) {
            return Optional.empty();
        }
        return Optional.of(
                new NativeTimings(
                        timings.path("prompt_n").asInt(0),
                        millis(timings.path("prompt_ms")),
                        timings.path("predicted_n").asInt(0),
                        millis(timings.path("predicted_ms")),
                        null));
    }

    private static Optional<NativeTimings> ollama(JsonNode answer) {
        if (!answer.path("eval_count").isNumber()) {
            return Optional.empty();
        }
        JsonNode load = answer.path("load_duration");
        return Optional.of(
                new NativeTimings(
                        answer.path("prompt_eval_count").asInt(0),
                        answer.path("prompt_eval_duration").asLong(0),
                        answer.path("eval_count").asInt(0),
                        answer.path("eval_duration").asLong(0),
                        load.isNumber() ? load.asLong() : null));
    }

    private static long millis(JsonNode value) {
        return Math.round(value.asDouble(0) * 1e6);
    }
}
