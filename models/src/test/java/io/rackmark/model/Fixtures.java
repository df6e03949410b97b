package io.rackmark.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The tiny checkpoints that tools/model-fixtures makes. */
public final class Fixtures {
    private Fixtures() {}

    public static Path directory(String name) {
        return EmbeddedModel.home().resolve("models/src/test/resources/fixtures").resolve(name);
    }

    /** Copies a fixture into a directory where it may be changed. */
    static Path copyTo(String name, Path target) throws IOException {
        Files.createDirectories(target);
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory(name))) {
            files = listed.toList();
        }
        for (Path file : files) {
            Files.copy(file, target.resolve(file.getFileName().toString()));
        }
        return target;
    }
}
