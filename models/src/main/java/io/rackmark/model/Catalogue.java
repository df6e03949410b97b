package io.rackmark.model;

import io.rackmark.model.ModelException.Kind;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The models known by name, and the way from what a user typed to a model on disk. */
public final class Catalogue {
    /** System property naming the installation, which the launcher sets. */
    public static final String HOME_PROPERTY = "rackmark.home";

    private static final String EMBEDDED = "models/embedded/rackmark-sql-7m";

    private final List<Entry> entries;

    /**
     * One model known by name.
     *
     * @param description one line for {@code models list}
     */
    public record Entry(String name, String description, Path directory) {}

    /** The catalogue of the installation in this directory. */
    public Catalogue(Path home) {
        entries =
                List.of(
                        new Entry(
                                "embedded",
                                "rackmark-sql-7m: 7.3 M parameter Llama trained for text-to-SQL"
                                        + " on the embedded database",
                                home.resolve(EMBEDDED)));
    }

    /** The catalogue of the running installation. */
    public static Catalogue installed() {
        @Nullable String home = System.getProperty(HOME_PROPERTY);
        if (home == null) {
            throw new ModelException(
                    Kind.ENVIRONMENT,
                    "the installation directory is unknown; start Rackmark by its launcher or pass"
                            + " -D"
                            + HOME_PROPERTY
                            + "=DIR");
        }
        return new Catalogue(Path.of(home));
    }

    public List<Entry> entries() {
        return entries;
    }

    /**
     * The model of this name, or at this path: a checkpoint directory, its safetensors file, or a
     * GGUF file.
     *
     * @throws ModelException naming the known models when there is no such one
     */
    public ModelSource resolve(String nameOrPath) {
        for (Entry entry : entries) {
            if (entry.name().equals(nameOrPath)) {
                return new ModelSource.Directory(entry.name(), present(entry));
            }
        }
        Path path = existing(nameOrPath);
        if (Files.isDirectory(path)) {
            return new ModelSource.Directory(fileName(path), path);
        }
        String name = fileName(path);
        if (name.endsWith(".gguf")) {
            return new ModelSource.Gguf(name.substring(0, name.length() - 5), path);
        }
        Path parent = path.getParent();
        if (name.endsWith(".safetensors") && parent != null) {
            return new ModelSource.Directory(fileName(parent), parent);
        }
        throw new ModelException(
                Kind.UNSUPPORTED,
                path + " is neither a checkpoint directory nor a .gguf or .safetensors file");
    }

    private static Path present(Entry entry) {
        if (!Files.isDirectory(entry.directory())) {
            throw new ModelException(
                    Kind.NOT_FOUND,
                    "the model '%s' belongs in %s, which does not exist; is %s right?"
                            .formatted(entry.name(), entry.directory(), HOME_PROPERTY));
        }
        return entry.directory();
    }

    private Path existing(String nameOrPath) {
        try {
            Path path = Path.of(nameOrPath).toAbsolutePath().normalize();
            if (!nameOrPath.isBlank() && Files.exists(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            // Not a path, so not a known model either.
        }
        throw new ModelException(
                Kind.NOT_FOUND,
                "no model '%s'; known names: %s; or give the path of a checkpoint directory or GGUF"
                                .formatted(
                                        nameOrPath,
                                        entries.stream()
                                                .map(Entry::name)
                                                .collect(Collectors.joining(", ")))
                        + " file");
    }

    private static String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? "model" : name.toString();
    }
}
