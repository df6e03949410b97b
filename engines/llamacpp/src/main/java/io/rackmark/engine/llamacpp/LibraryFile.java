package io.rackmark.engine.llamacpp;

import io.rackmark.engine.Fact;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A native library on disk.
 *
 * @param path real path of the file
 * @param sha256 of its content, lower-case hex
 * @param source who put it there
 */
record LibraryFile(Path path, String sha256, Source source) {

    enum Source {
        /** Out of java-llama.cpp's jar. */
        SHIPPED,
        /** Named by the option {@code lib}. */
        USER
    }

    List<Fact> facts() {
        return List.of(
                new Fact("library", path.toString()),
                new Fact("library-sha256", sha256),
                new Fact("library-source", source.name().toLowerCase(Locale.ROOT)));
    }
}
