package io.rackmark.model;

import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.safetensors.SafetensorsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * {@code model.safetensors.index.json}: which shard holds which tensor.
 *
 * @param file the index itself
 * @param shards file name by tensor name
 */
record ShardIndex(Path file, Map<String, String> shards) {
    static final String NAME = "model.safetensors.index.json";

    private static final long MAX_BYTES = 64 << 20;

    ShardIndex {
        shards = Map.copyOf(shards);
    }

    static boolean isIn(Path directory) {
        return Files.isRegularFile(directory.resolve(NAME));
    }

    static ShardIndex read(Path directory) {
        Path file = directory.resolve(NAME);
        Map<String, String> shards = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry :
                JsonFile.read(file, MAX_BYTES).path("weight_map").properties()) {
            shards.put(entry.getKey(), plainName(file, entry.getValue()));
        }
        if (shards.isEmpty()) {
            throw ModelException.damaged(file, 0, "a weight_map with shards", "none");
        }
        return new ShardIndex(file, shards);
    }

    /** The index is untrusted: a shard stays inside the directory. */
    private static String plainName(Path file, JsonNode node) {
        String shard = node.asString("");
        if (shard.isEmpty()
                || shard.contains("/")
                || shard.contains("\\")
                || shard.startsWith("..")) {
            throw ModelException.damaged(
                    file, 0, "a plain file name in weight_map", node.toString());
        }
        return shard;
    }

    /**
     * All shards in name order.
     *
     * @throws ModelException naming the first that is missing
     */
    List<Path> files() {
        List<Path> files =
                new TreeSet<>(shards.values())
                        .stream().map(shard -> file.resolveSibling(shard)).toList();
        List<Path> missing = files.stream().filter(path -> !Files.isRegularFile(path)).toList();
        if (!missing.isEmpty()) {
            throw new ModelException(
                    Kind.NOT_FOUND,
                    "%s lists %d shards, of which %d are missing, first %s; fetch them too"
                            .formatted(
                                    file,
                                    files.size(),
                                    missing.size(),
                                    missing.getFirst().getFileName()));
        }
        return files;
    }

    /**
     * Holds the index against the shards.
     *
     * @throws ModelException when a tensor is not where the index says
     */
    void check(List<SafetensorsFile> files) {
        Map<String, String> found = new LinkedHashMap<>();
        for (SafetensorsFile shard : files) {
            String name = String.valueOf(shard.path().getFileName());
            shard.tensors().keySet().forEach(tensor -> found.put(tensor, name));
        }
        shards.forEach(
                (tensor, shard) -> {
                    if (!shard.equals(found.get(tensor))) {
                        String where = found.get(tensor);
                        throw new ModelException(
                                Kind.DAMAGED,
                                "%s says that %s holds tensor %s, but %s; fetch the checkpoint again"
                                        .formatted(
                                                file,
                                                shard,
                                                tensor,
                                                where == null ? "no shard does" : where + " does"));
                    }
                });
    }
}
