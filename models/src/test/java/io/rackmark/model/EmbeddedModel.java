package io.rackmark.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The checkpoint shipped in the repository, for tests. */
public final class EmbeddedModel {
    private EmbeddedModel() {}

    /** Repository root. */
    public static Path home() {
        return Path.of(System.getProperty("rackmark.source", ".."));
    }

    public static Checkpoint checkpoint() {
        return ((ModelSource.Directory) new Catalogue(home()).resolve("embedded")).checkpoint();
    }

    /** Copies the checkpoint's files into a directory where they may be changed. */
    public static Path copyTo(Path target) throws IOException {
        Files.createDirectories(target);
        List<Path> files;
        try (Stream<Path> listed = Files.list(checkpoint().directory())) {
            files = listed.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Files.copy(file, target.resolve(file.getFileName().toString()));
        }
        return target;
    }
}
