package io.rackmark.model.convert;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.FileHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * SHA-256 over everything a derived file depends on. Hashes of single files are remembered by path,
 * size and modification time, so that a large checkpoint is read once.
 */
final class SourceHash {
    private final Path memory;

    /** Remembers in this directory. */
    SourceHash(Path memory) {
        this.memory = memory;
    }

    /** The hash over names and contents of all source files. */
    String of(Checkpoint checkpoint) throws IOException {
        return of(checkpoint.sourceFiles());
    }

    /** The hash of the one weight file, or over names and contents of all shards. */
    String ofWeights(Checkpoint checkpoint) throws IOException {
        List<Path> files = checkpoint.weightFiles();
        return files.size() == 1 ? sha256(files.getFirst()) : of(files);
    }

    private String of(List<Path> files) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Path file : files) {
            lines.append(sha256(file)).append("  ").append(file.getFileName()).append('\n');
        }
        return FileHash.sha256(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String sha256(Path file) throws IOException {
        String path = file.toRealPath().toString();
        Path note =
                memory.resolve(FileHash.sha256(path.getBytes(StandardCharsets.UTF_8)) + ".stamp");
        FileStamp now = FileStamp.of(file);
        FileStamp before = FileStamp.read(note);
        if (before != null && before.sameFileAs(now)) {
            return before.sha256();
        }
        FileStamp stamp = now.withHash(FileHash.sha256(file));
        Files.createDirectories(memory);
        stamp.write(note);
        return stamp.sha256();
    }
}
