package io.rackmark.engine.pytorch;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.ModelFiles;
import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.FileHash;
import io.rackmark.model.torchscript.TorchScriptArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * TorchScript archives with weights, made once: {@code CACHE/torchscript/KEY/NAME-PRECISION.pt}.
 * The key stands for the program, the configuration, and sizes and times of the weight files.
 */
final class ArchiveCache {
    private final Path directory;

    ArchiveCache(Path directory) {
        this.directory = directory;
    }

    /** The archive of these weights, written now unless it is there. */
    Path archive(ModelFiles files, NetworkShape shape, CheckpointWeights weights) {
        try {
            Path home = directory.resolve(key(files, shape));
            Path archive = home.resolve(files.name() + "-" + files.precision().label() + ".pt");
            if (!Files.isRegularFile(archive)) {
                Files.createDirectories(home);
                write(archive, shape, weights);
            }
            return archive;
        } catch (IOException e) {
            throw new EngineException(
                    EngineException.Kind.UNAVAILABLE,
                    ("the TorchScript archive of %s cannot be written under %s: %s; free space"
                                    + " there or name another directory in RACKMARK_CACHE")
                            .formatted(files.name(), directory, e),
                    e);
        }
    }

    /** It appears under its name only when it is complete. */
    private static void write(Path archive, NetworkShape shape, CheckpointWeights weights)
            throws IOException {
        long bytes = TorchScriptArchive.weightBytes(shape.config(), shape.program());
        long free = Files.getFileStore(archive.getParent()).getUsableSpace();
        if (free < bytes) {
            throw new IOException(
                    "%d MB are needed, %d MB are free".formatted(bytes >> 20, free >> 20));
        }
        Path part =
                archive.resolveSibling(
                        archive.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        Files.deleteIfExists(part);
        try {
            TorchScriptArchive.write(part, shape.config(), shape.program(), weights);
            Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String key(ModelFiles files, NetworkShape shape) throws IOException {
        StringBuilder text =
                new StringBuilder()
                        .append(TorchScriptArchive.VERSION)
                        .append(shape.program())
                        .append(shape.config());
        for (Path file : weightFiles(files.weights().toRealPath())) {
            text.append(file)
                    .append(Files.size(file))
                    .append(Files.getLastModifiedTime(file).toMillis());
        }
        return FileHash.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** All of the directory that one of them lies in. */
    private static List<Path> weightFiles(Path one) throws IOException {
        try (Stream<Path> files = Files.list(one.resolveSibling("."))) {
            return files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
        }
    }
}
