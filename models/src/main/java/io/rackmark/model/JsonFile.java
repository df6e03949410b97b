package io.rackmark.model;

import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON object in a file of bounded size. */
final class JsonFile {
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(64)
                                                    .build())
                                    .build())
                    .build();

    private JsonFile() {}

    /** The object in the file, or empty when there is no such file. */
    static Optional<JsonNode> readIfPresent(Path file, long maxBytes) {
        return Files.exists(file) ? Optional.of(read(file, maxBytes)) : Optional.empty();
    }

    static JsonNode read(Path file, long maxBytes) {
        try {
            long size = Files.size(file);
            if (size > maxBytes) {
                throw ModelException.damaged(
                        file, 0, "at most " + maxBytes + " bytes", size + " bytes");
            }
            JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
            if (!root.isObject()) {
                throw ModelException.damaged(
                        file, 0, "a JSON object", root.getNodeType().toString());
            }
            return root;
        } catch (JacksonException e) {
            throw new ModelException(
                    Kind.DAMAGED,
                    "%s is not valid JSON: %s".formatted(file, e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new ModelException(
                    Kind.ENVIRONMENT, "cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
