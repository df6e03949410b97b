package io.rackmark.model;

import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Hugging Face checkpoint directory: configuration, tokenizer, chat template and safetensors
 * weights. The single source of every derived form.
 *
 * @param name of the directory, or the catalogue name
 * @param directory absolute
 * @param chatTemplate Jinja source
 * @param weightFiles one file, or all shards of the index in name order
 * @param synthetic whether the weights are random, as {@code config.json} then says itself
 */
public record Checkpoint(
        String name,
        Path directory,
        ModelConfig config,
        TokenizerSpec tokenizer,
        Optional<String> chatTemplate,
        List<Path> weightFiles,
        boolean synthetic) {
    /** Key of {@code config.json} that marks random weights. */
    public static final String SYNTHETIC = "rackmark_synthetic";

    private static final String SINGLE = "model.safetensors";

    public Checkpoint {
        weightFiles = List.copyOf(weightFiles);
    }

    /**
     * Reads everything but the weights.
     *
     * @throws ModelException when a file is missing or damaged or the family is not supported
     */
    public static Checkpoint read(Path directory) {
        Path name = directory.toAbsolutePath().normalize().getFileName();
        return read(directory, name == null ? "model" : name.toString());
    }

    static Checkpoint read(Path directory, String name) {
        requireDirectory(directory);
        requireFile(directory, "config.json");
        ModelConfig config = ConfigReader.read(directory);
        requireFile(directory, "tokenizer.json");
        return new Checkpoint(
                name,
                directory.toAbsolutePath().normalize(),
                config,
                TokenizerReader.read(directory),
                ChatTemplateReader.read(directory),
                weightFiles(directory.toAbsolutePath().normalize()),
                ConfigReader.synthetic(directory));
    }

    /**
     * Reads the configuration alone.
     *
     * @throws ModelException when it is missing, damaged or not supported
     */
    public static ModelConfig readConfig(Path directory) {
        requireDirectory(directory);
        requireFile(directory, "config.json");
        return ConfigReader.read(directory);
    }

    /**
     * Maps the weights alone: all shards of the directory when the file is one of them, else that
     * file.
     */
    public static CheckpointWeights openWeights(Path directory, Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        Path home = directory.toAbsolutePath().normalize();
        return absolute.startsWith(home)
                ? openWeights(home, weightFiles(home))
                : CheckpointWeights.open(List.of(absolute), null);
    }

    /** Maps the weights of all shards. */
    public CheckpointWeights openWeights() {
        return openWeights(directory, weightFiles);
    }

    private static CheckpointWeights openWeights(Path directory, List<Path> files) {
        return CheckpointWeights.open(
                files, ShardIndex.isIn(directory) ? ShardIndex.read(directory) : null);
    }

    /** All files whose content decides what is derived from the checkpoint. */
    public List<Path> sourceFiles() {
        return Stream.concat(
                        Stream.of(
                                        "config.json",
                                        "generation_config.json",
                                        "tokenizer.json",
                                        "tokenizer_config.json",
                                        "chat_template.jinja",
                                        ShardIndex.NAME)
                                .map(directory::resolve)
                                .filter(Files::isRegularFile),
                        weightFiles.stream())
                .toList();
    }

    private static void requireDirectory(Path directory) {
        if (!Files.exists(directory)) {
            throw new ModelException(Kind.NOT_FOUND, "no such directory: " + directory);
        }
        if (!Files.isDirectory(directory)) {
            throw new ModelException(
                    Kind.UNSUPPORTED,
                    directory.toString().endsWith(".gguf")
                            ? directory
                                    + " is a GGUF file; what is needed here is the checkpoint"
                                    + " directory it was made from"
                            : directory
                                    + " is a file; give the checkpoint directory with config.json");
        }
    }

    private static void requireFile(Path directory, String name) {
        if (!Files.isRegularFile(directory.resolve(name))) {
            throw new ModelException(
                    Kind.NOT_FOUND,
                    "%s has no %s; a checkpoint directory holds config.json, tokenizer.json and %s%s"
                            .formatted(directory, name, SINGLE, instead(directory)));
        }
    }

    /** What a directory of another kind holds, as the end of a sentence. */
    private static String instead(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> String.valueOf(path.getFileName()))
                    .filter(file -> file.endsWith(".gguf") || file.endsWith(".bin"))
                    .min(Comparator.naturalOrder())
                    .map(file -> ", this one has " + file)
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static List<Path> weightFiles(Path directory) {
        if (ShardIndex.isIn(directory)) {
            return ShardIndex.read(directory).files();
        }
        requireFile(directory, SINGLE);
        return List.of(directory.resolve(SINGLE));
    }
}
