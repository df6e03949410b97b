package io.rackmark.model;

import io.rackmark.model.CatalogueEntry.Runs;
import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The models known by name, those that were pulled, and the way from what a user typed to a model
 * on disk.
 */
public final class Catalogue {
    /** System property naming the installation, which the launcher sets. */
    public static final String HOME_PROPERTY = "rackmark.home";

    /** Where pulled models lie below the cache directory. */
    public static final String STORE = "models";

    private static final String EMBEDDED_PATH = "models/embedded/rackmark-sql-7m";
    private static final CatalogueEntry EMBEDDED =
            new CatalogueEntry(
                    "embedded",
                    Optional.empty(),
                    6_820_096,
                    "apache-2.0",
                    false,
                    Runs.IN_PROCESS,
                    "rackmark-sql-7m, built in");

    private final Path embedded;
    private final Optional<ModelStore> store;
    private final List<CatalogueEntry> entries;

    /** The catalogue of the installation in this directory, without pulled models. */
    public Catalogue(Path home) {
        this(home, Optional.empty());
    }

    /** The catalogue of the installation in this directory, and what was pulled. */
    public Catalogue(Path home, ModelStore store) {
        this(home, Optional.of(store));
    }

    private Catalogue(Path home, Optional<ModelStore> store) {
        this.embedded = home.resolve(EMBEDDED_PATH);
        this.store = store;
        this.entries = Stream.concat(Stream.of(EMBEDDED), CatalogueReader.read().stream()).toList();
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

    public List<CatalogueEntry> entries() {
        return entries;
    }

    /** The entry of this name or hub id. */
    public Optional<CatalogueEntry> entry(String name) {
        return entries.stream()
                .filter(
                        entry ->
                                entry.name().equals(name)
                                        || entry.id()
                                                .map(ModelId::toString)
                                                .equals(Optional.of(name)))
                .findFirst();
    }

    /** Where the model of this entry lies, if it is on this disk. */
    public Optional<Path> directory(CatalogueEntry entry) {
        return entry.id().isEmpty()
                ? Optional.of(embedded).filter(Files::isDirectory)
                : entry.id().flatMap(this::stored).map(ModelStore.Stored::directory);
    }

    /**
     * The hub's model that this name means.
     *
     * @throws ModelException with near names when it means none
     */
    public ModelId hubId(String nameOrId) {
        return entry(nameOrId)
                .flatMap(CatalogueEntry::id)
                .or(() -> ModelId.parse(nameOrId))
                .orElseThrow(
                        () ->
                                nameOrId.equals(EMBEDDED.name())
                                        ? new ModelException(
                                                Kind.UNSUPPORTED,
                                                "the model 'embedded' is part of Rackmark and of no"
                                                        + " hub")
                                        : unknown(
                                                nameOrId,
                                                "or write org/name or org/name@revision"));
    }

    /**
     * The model of this name, or at this path: a checkpoint directory, its safetensors file, or a
     * GGUF file. A path goes before a pulled {@code org/name}.
     *
     * @throws ModelException with near names when there is no such one
     */
    public ModelSource resolve(String nameOrPath) {
        if (nameOrPath.equals(EMBEDDED.name())) {
            return new ModelSource.Directory(nameOrPath, embedded());
        }
        Optional<ModelId> known = entry(nameOrPath).flatMap(CatalogueEntry::id);
        if (known.isPresent()) {
            return pulled(nameOrPath, known.get());
        }
        Optional<Path> path = existing(nameOrPath);
        if (path.isPresent()) {
            return at(path.get());
        }
        Optional<ModelId> id = ModelId.parse(nameOrPath);
        if (id.isPresent() && store.isPresent()) {
            return pulled(id.get().name(), id.get());
        }
        throw unknown(nameOrPath, "or give the path of a checkpoint directory or GGUF file");
    }

    private ModelSource pulled(String name, ModelId id) {
        Path directory =
                stored(id)
                        .orElseThrow(
                                () ->
                                        new ModelException(
                                                Kind.NOT_FOUND,
                                                "the model %s is not on this disk; fetch it with: rackmark models pull %s"
                                                        .formatted(id, id)))
                        .directory();
        return onlyGguf(directory)
                .<ModelSource>map(file -> new ModelSource.Gguf(name, file))
                .orElse(new ModelSource.Directory(name, directory));
    }

    private Optional<ModelStore.Stored> stored(ModelId id) {
        return store.flatMap(models -> models.find(id));
    }

    /** The GGUF file of a pulled directory that is no checkpoint. */
    private static Optional<Path> onlyGguf(Path directory) {
        if (Files.exists(directory.resolve("config.json"))) {
            return Optional.empty();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.gguf")) {
            files.forEach(found::add);
        } catch (IOException e) {
            return Optional.empty();
        }
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private Path embedded() {
        if (!Files.isDirectory(embedded)) {
            throw new ModelException(
                    Kind.NOT_FOUND,
                    "the model '%s' belongs in %s, which does not exist; is %s right?"
                            .formatted(EMBEDDED.name(), embedded, HOME_PROPERTY));
        }
        return embedded;
    }

    private static ModelSource at(Path path) {
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

    private static Optional<Path> existing(String nameOrPath) {
        try {
            Path path = Path.of(nameOrPath).toAbsolutePath().normalize();
            return nameOrPath.isBlank()
                    ? Optional.empty()
                    : Optional.of(path).filter(Files::exists);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private ModelException unknown(String typed, String otherwise) {
        List<String> near =
                NearNames.of(typed, entries.stream().map(CatalogueEntry::name).toList());
        return new ModelException(
                Kind.NOT_FOUND,
                "no model '%s'; %s; %s"
                        .formatted(
                                typed,
                                near.isEmpty()
                                        ? "'rackmark models list' shows the known names"
                                        : "did you mean " + String.join(", ", near),
                                otherwise));
    }

    private static String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? "model" : name.toString();
    }
}
