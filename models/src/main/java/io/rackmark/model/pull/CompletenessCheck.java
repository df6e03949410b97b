package io.rackmark.model.pull;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.PulledModel;
import io.rackmark.model.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether the fetched files are a whole model; the last look before it gets its name. */
final class CompletenessCheck {
    private static final String INDEX = "model.safetensors.index.json";
    private static final long MAX_INDEX_BYTES = 64 << 20;

    private CompletenessCheck() {}

    /**
     * @throws ModelException when configuration or shards are missing or weights are cut short
     */
    static void of(Path directory, PulledModel pulled) throws IOException {
        List<String> names = pulled.files().stream().map(PulledModel.File::name).toList();
        List<String> weights =
                names.stream()
                        .filter(name -> name.endsWith(".safetensors") && name.indexOf('/') < 0)
                        .toList();
        if (weights.isEmpty()) {
            return;
        }
        if (!names.contains("config.json")) {
            throw incomplete(pulled, "config.json is missing");
        }
        if (names.contains(INDEX)) {
            for (String shard : shards(directory.resolve(INDEX), pulled)) {
                if (!names.contains(shard)) {
                    throw incomplete(
                            pulled, "its index names %s, which is missing".formatted(shard));
                }
            }
        }
        for (String file : weights) {
            // Reads the header, and compares what it promises with the file's size.
            SafetensorsFile.open(directory.resolve(file)).close();
        }
    }

    private static Set<String> shards(Path index, PulledModel pulled) throws IOException {
        Set<String> shards = new TreeSet<>();
        try {
            if (Files.size(index) > MAX_INDEX_BYTES) {
                throw incomplete(pulled, "its index is too long");
            }
            JsonNode map = new JsonMapper().readTree(Files.readAllBytes(index)).path("weight_map");
            for (JsonNode shard : map.values()) {
                shards.add(shard.asString());
            }
        } catch (JacksonException e) {
            throw incomplete(pulled, "its index is not valid JSON");
        }
        return shards;
    }

    private static ModelException incomplete(PulledModel pulled, String reason) {
        return new ModelException(
                Kind.DAMAGED,
                "%s from %s is not a whole model: %s"
                        .formatted(pulled.id(), pulled.source(), reason));
    }
}
