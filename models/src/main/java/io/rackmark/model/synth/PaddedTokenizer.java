package io.rackmark.model.synth;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The text side of another checkpoint, its vocabulary filled up with tokens no text gives. */
final class PaddedTokenizer {
    private static final List<String> UNCHANGED =
            List.of(
                    "tokenizer_config.json",
                    "special_tokens_map.json",
                    "generation_config.json",
                    "chat_template.jinja");

    private PaddedTokenizer() {}

    /**
     * @param vocabulary tokens in all
     */
    static void write(Checkpoint source, int vocabulary, Path directory) throws IOException {
        JsonNode root =
                JsonMapper.shared().readTree(source.directory().resolve("tokenizer.json").toFile());
        int tokens = source.tokenizer().tokens().size();
        if (tokens > vocabulary
                || !(root.path("model").path("vocab") instanceof ObjectNode vocab)) {
            throw new ModelException(
                    Kind.UNSUPPORTED,
                    "the tokenizer of %s (%d tokens) cannot be filled up to %d tokens"
                            .formatted(source.directory(), tokens, vocabulary));
        }
        // Without a merge that makes them they never come out of a text.
        for (int id = tokens; id < vocabulary; id++) {
            vocab.put("<|unused_" + id + "|>", id);
        }
        JsonMapper.shared().writeValue(directory.resolve("tokenizer.json").toFile(), root);
        for (String name : UNCHANGED) {
            Path file = source.directory().resolve(name);
            if (Files.exists(file)) {
                Files.copy(file, directory.resolve(name));
            }
        }
    }
}
