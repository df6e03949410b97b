package io.rackmark.model;

import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.convert.DirectoryLock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Models that were pulled: {@code STORE/ORG/NAME/REVISION/}, each complete and with its {@link
 * PulledModel}. What is still being fetched lies under {@code STORE/.partial/}.
 */
public final class ModelStore {
    /** What is written last into a model's directory. */
    public static final String MANIFEST = "rackmark-pull.json";

    private static final String PARTIAL = ".partial";
    private static final long MAX_MANIFEST_BYTES = 8 << 20;
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path directory;

    /** A model of the store. */
    public record Stored(ModelId id, Path directory, PulledModel pulled) {}

    /** A store in this directory, which need not exist yet. */
    public ModelStore(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    public Path directory() {
        return directory;
    }

    /** Where the files of this model belong. */
    public Path place(ModelId id) {
        return directory.resolve(id.org()).resolve(id.name()).resolve(flat(id.revision()));
    }

    /** Where the files of this model are gathered until they are complete. */
    public Path staging(ModelId id) {
        return directory
                .resolve(PARTIAL)
                .resolve(id.org() + "--" + id.name() + "--" + flat(id.revision()));
    }

    /** The model, if it is here and complete. */
    public Optional<Stored> find(ModelId id) {
        Path place = place(id);
        return manifest(place).map(pulled -> new Stored(id, place, pulled));
    }

    /** Whether an interrupted pull of this model left something. */
    public boolean begun(ModelId id) {
        return !directories(staging(id)).isEmpty();
    }

    /** All complete models, by id. */
    public List<Stored> list() {
        List<Stored> found = new ArrayList<>();
        for (Path org : directories(directory)) {
            for (Path name : directories(org)) {
                for (Path revision : directories(name)) {
                    id(org, name, revision).flatMap(this::find).ifPresent(found::add);
                }
            }
        }
        found.sort(Comparator.comparing(stored -> stored.id().toString()));
        return found;
    }

    /** Writes what was pulled beside the files. */
    public static void write(Path place, PulledModel pulled) throws IOException {
        Files.write(place.resolve(MANIFEST), MAPPER.writeValueAsBytes(pulled));
    }

    /** Takes the model off the disk, along with what an interrupted pull of it left. */
    public void remove(ModelId id) {
        Path place = place(id);
        try {
            Files.createDirectories(staging(id));
            try (DirectoryLock _ = DirectoryLock.acquire(staging(id))) {
                // Without its manifest it is no model any more, should the rest be interrupted.
                Files.deleteIfExists(place.resolve(MANIFEST));
                deleteTree(place);
                clearStaging(id);
            }
            deleteIfEmpty(directory.resolve(id.org()).resolve(id.name()));
            deleteIfEmpty(directory.resolve(id.org()));
        } catch (IOException e) {
            throw new ModelException(
                    Kind.ENVIRONMENT, "cannot remove %s: %s".formatted(place, e.getMessage()), e);
        }
    }

    /** Deletes what was gathered. The lock's file stays: somebody may be waiting on it. */
    public void clearStaging(ModelId id) throws IOException {
        for (Path child : directories(staging(id))) {
            deleteTree(child);
        }
    }

    /** Deletes a directory with all it holds; links are deleted, not followed. */
    public static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path folder, @Nullable IOException fault) throws IOException {
                        if (fault != null) {
                            throw fault;
                        }
                        Files.delete(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /** What was pulled into this directory; a damaged note counts as none. */
    public static Optional<PulledModel> manifest(Path place) {
        Path file = place.resolve(MANIFEST);
        try {
            return JsonFile.readIfPresent(file, MAX_MANIFEST_BYTES).map(ModelStore::pulled);
        } catch (ModelException | JacksonException e) {
            return Optional.empty();
        }
    }

    private static PulledModel pulled(JsonNode node) {
        return MAPPER.treeToValue(node, PulledModel.class);
    }

    private Optional<ModelId> id(Path org, Path name, Path revision) {
        return ModelId.parse(
                "%s/%s@%s"
                        .formatted(
                                org.getFileName(),
                                name.getFileName(),
                                revision.getFileName().toString().replace("%2F", "/")));
    }

    private static String flat(String revision) {
        return revision.replace("/", "%2F");
    }

    private static List<Path> directories(Path parent) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(parent)) {
            for (Path child : children) {
                if (Files.isDirectory(child) && !child.getFileName().toString().startsWith(".")) {
                    found.add(child);
                }
            }
        } catch (java.nio.file.NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw new ModelException(
                    Kind.ENVIRONMENT, "cannot list %s: %s".formatted(parent, e.getMessage()), e);
        }
        return found;
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (java.nio.file.DirectoryNotEmptyException e) {
            // Another revision or another model of the same organisation is there.
        }
    }
}
