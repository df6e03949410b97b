package io.rackmark.engine.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The installed engines, one class path each.
 *
 * @param folder holds {@code engines/<id>/*.jar}
 */
public record WorkerHome(Path folder) {

    /** Ids of the engines installed here, sorted; empty when there are none. */
    public List<String> engineIds() {
        return list(engines()).stream()
                .filter(Files::isDirectory)
                .filter(engine -> !jars(engine).isEmpty())
                .map(engine -> engine.getFileName().toString())
                .toList();
    }

    /**
     * The jars of one engine, sorted by name.
     *
     * @throws IllegalArgumentException naming the installed engines
     */
    public List<Path> classPath(String engineId) {
        List<String> known = engineIds();
        if (!known.contains(engineId)) {
            throw new IllegalArgumentException(
                    "no engine '%s' in %s; installed: %s"
                            .formatted(
                                    engineId,
                                    engines(),
                                    known.isEmpty()
                                            ? "none (build the product first)"
                                            : String.join(", ", known)));
        }
        return jars(engines().resolve(engineId));
    }

    private Path engines() {
        return folder.resolve("engines");
    }

    private static List<Path> jars(Path engine) {
        return list(engine).stream().filter(jar -> jar.toString().endsWith(".jar")).toList();
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }
}
