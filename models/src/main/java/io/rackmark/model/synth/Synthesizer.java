package io.rackmark.model.synth;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.convert.ConversionProgress;
import io.rackmark.model.convert.LlamaTensors;
import io.rackmark.model.safetensors.SafetensorsDtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a checkpoint with random weights in the exact shape of an open model. Tokenizer and chat
 * template are those of a given checkpoint; only the size of the vocabulary is the shape's.
 */
public final class Synthesizer {
    private final Checkpoint text;
    private final long shardBytes;

    /** A synthesizer that takes the text side from this checkpoint. */
    public Synthesizer(Checkpoint text) {
        this(text, ShardedWriter.SHARD_BYTES);
    }

    Synthesizer(Checkpoint text, long shardBytes) {
        this.text = text;
        this.shardBytes = shardBytes;
    }

    /**
     * Writes the checkpoint; it appears under its name only when it is complete.
     *
     * @param directory must not exist, or be empty
     * @throws ModelException for an unknown shape, and when the directory cannot be written
     */
    public Checkpoint write(Synthesis synthesis, Path directory, ConversionProgress progress) {
        ObjectNode config = config(synthesis);
        Path target = directory.toAbsolutePath().normalize();
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        try {
            requireFree(target);
            clear(partial);
            Files.createDirectories(partial);
            try {
                fill(synthesis, config, partial, progress);
                Files.deleteIfExists(target);
                Files.move(partial, target);
            } finally {
                clear(partial);
            }
        } catch (IOException e) {
            throw new ModelException(
                    Kind.ENVIRONMENT, "cannot write %s: %s".formatted(target, e.getMessage()), e);
        }
        return Checkpoint.read(target);
    }

    private void fill(
            Synthesis synthesis, ObjectNode config, Path directory, ConversionProgress progress)
            throws IOException {
        JsonMapper.shared()
                .writerWithDefaultPrettyPrinter()
                .writeValue(directory.resolve("config.json").toFile(), config);
        PaddedTokenizer.write(text, config.path("vocab_size").asInt(), directory);
        List<LlamaTensors.Expected> tensors = LlamaTensors.expected(ModelConfig.read(directory));
        ShardedWriter writer = new ShardedWriter(synthesis, tensors, shardBytes, progress);
        requireSpace(directory, writer.totalBytes());
        writer.write(directory);
    }

    private ObjectNode config(Synthesis synthesis) {
        ObjectNode config = Shapes.config(synthesis.shape());
        synthesis.layers().ifPresent(layers -> config.put("num_hidden_layers", layers));
        config.put("hidden_act", "silu");
        config.put(
                "torch_dtype", synthesis.dtype() == SafetensorsDtype.F32 ? "float32" : "bfloat16");
        text.config().bosId().ifPresent(id -> config.put("bos_token_id", id));
        text.config().eosIds().stream().findFirst().ifPresent(id -> config.put("eos_token_id", id));
        text.config().padId().ifPresent(id -> config.put("pad_token_id", id));
        config.put(Checkpoint.SYNTHETIC, true);
        config.put(Checkpoint.SYNTHETIC + "_seed", synthesis.seed());
        return config;
    }

    private static void requireFree(Path target) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        if (Files.isDirectory(target)) {
            try (Stream<Path> files = Files.list(target)) {
                if (files.findAny().isEmpty()) {
                    return;
                }
            }
        }
        throw new ModelException(
                Kind.ENVIRONMENT,
                target + " exists and is not an empty directory; name another with -o DIR");
    }

    private static void requireSpace(Path directory, long bytes) throws IOException {
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable < bytes) {
            throw new IOException(
                    "%d MB are needed, %d MB are free; name another disk with -o DIR"
                            .formatted(bytes >> 20, usable >> 20));
        }
    }

    /** Removes what an interrupted attempt left: flat, only files. */
    private static void clear(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
