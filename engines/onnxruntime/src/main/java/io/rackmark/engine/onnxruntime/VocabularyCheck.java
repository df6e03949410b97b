package io.rackmark.engine.onnxruntime;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether a graph and the configuration beside its tokenizer are of the same model. */
final class VocabularyCheck {
    private VocabularyCheck() {}

    /**
     * @param logits that the graph gives per token
     * @throws EngineException of kind {@code BAD_MODEL} when {@code vocab_size} says otherwise
     */
    static void require(Path checkpoint, int logits) {
        Path file = checkpoint.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            return;
        }
        int vocabulary = read(file).path("vocab_size").asInt(logits);
        if (vocabulary != logits) {
            throw new EngineException(
                    Kind.BAD_MODEL,
                    "the graph has a vocabulary of %d tokens, %s one of %d: they are not of the same"
                                    .formatted(logits, file, vocabulary)
                            + " model; convert the checkpoint again");
        }
    }

    private static JsonNode read(Path file) {
        try {
            return JsonMapper.shared().readTree(file);
        } catch (JacksonException e) {
            throw new EngineException(
                    Kind.BAD_MODEL, "%s is damaged: %s".formatted(file, e.getOriginalMessage()), e);
        }
    }
}
