package io.rackmark.model.pull;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.ModelId;
import io.rackmark.model.ModelStore;
import io.rackmark.model.PulledModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/**
 * A folder that came by disk or by another program: a checkpoint directory, another model store, or
 * a cache of the hub's own clients. What the folder knows of hashes is checked.
 */
public final class FolderSource implements PullSource {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int MOST_DEPTH = 5;
    private static final int MOST_FILES = 20_000;

    private final Path folder;

    /**
     * @throws ModelException when there is no such folder
     */
    public FolderSource(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
        if (!Files.isDirectory(this.folder)) {
            throw new ModelException(Kind.NOT_FOUND, "no such folder: " + this.folder);
        }
    }

    @Override
    public String label() {
        return folder.toString();
    }

    @Override
    public HubListing list(ModelId id) {
        Path root = root(id);
        Optional<PulledModel> pulled = ModelStore.manifest(root);
        String commit = pulled.map(PulledModel::commit).orElse(snapshot(root));
        Map<String, String> known = new HashMap<>();
        pulled.ifPresent(
                model -> model.files().forEach(file -> known.put(file.name(), file.sha256())));
        try (Stream<Path> walk = Files.walk(root, MOST_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            List<HubFile> files = new ArrayList<>();
            for (Path file : walk.filter(Files::isRegularFile).limit(MOST_FILES).toList()) {
                if (!hidden(root.relativize(file)) && !file.endsWith(ModelStore.MANIFEST)) {
                    files.add(
                            describe(root, file, Optional.ofNullable(known.get(name(root, file)))));
                }
            }
            return new HubListing(
                    commit,
                    pulled.flatMap(PulledModel::licence),
                    pulled.map(PulledModel::gated).orElse(false),
                    files);
        } catch (IOException | java.io.UncheckedIOException e) {
            throw unreadable(root, e);
        }
    }

    @Override
    public void fetch(Fetch fetch) {
        Path root = root(fetch.id());
        Path file = root.resolve(fetch.file().path());
        try (InputStream in = Files.newInputStream(inside(file))) {
            fetch.listener().advanced(-fetch.part().size());
            DiskFaults.guard(fetch.store(), () -> fetch.part().restart(""));
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("cancelled");
                }
                int bytes = count;
                DiskFaults.guard(fetch.store(), () -> fetch.part().append(buffer, bytes));
                fetch.listener().advanced(bytes);
            }
            DiskFaults.guard(fetch.store(), fetch.part()::finish);
        } catch (WrongContentException e) {
            throw new ModelException(
                    Kind.DAMAGED,
                    "%s is damaged: %s; copy it there again".formatted(file, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * The directory with the files: the folder itself, or its place in one of the usual layouts.
     */
    private Path root(ModelId id) {
        Path cache = folder.resolve("models--" + id.org() + "--" + id.name());
        List<Path> candidates =
                List.of(
                        folder,
                        new ModelStore(folder).place(id),
                        folder.resolve(id.org()).resolve(id.name()),
                        cache.resolve("snapshots").resolve(reference(cache, id.revision())));
        return candidates.stream()
                .filter(FolderSource::holdsModel)
                .findFirst()
                .orElseThrow(
                        () ->
                                new ModelException(
                                        Kind.NOT_FOUND,
                                        "%s holds no model %s: neither config.json nor a GGUF file lies there, in %s/%s or in %s"
                                                .formatted(
                                                        folder,
                                                        id,
                                                        id.org(),
                                                        id.name(),
                                                        cache.getFileName())));
    }

    private static boolean holdsModel(Path directory) {
        if (Files.isRegularFile(directory.resolve("config.json"))) {
            return true;
        }
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.toString().endsWith(".gguf"));
        } catch (IOException e) {
            return false;
        }
    }

    /** {@code refs/REVISION} of a hub client's cache holds the commit. */
    private static String reference(Path cache, String revision) {
        Path reference = cache.resolve("refs").resolve(revision);
        try {
            if (Files.isRegularFile(reference) && Files.size(reference) == 40) {
                String commit = Files.readString(reference);
                return ModelId.isCommit(commit) ? commit : revision;
            }
        } catch (IOException e) {
            // Then the revision itself is looked for.
        }
        return revision;
    }

    private static String snapshot(Path root) {
        String name = String.valueOf(root.getFileName());
        return ModelId.isCommit(name) ? name : "";
    }

    private HubFile describe(Path root, Path file, Optional<String> sha256) throws IOException {
        Path real = inside(file);
        // In a hub client's cache a file is a link to a blob that its hash names.
        String blob = Files.isSymbolicLink(file) ? String.valueOf(real.getFileName()) : "";
        return HubFile.of(
                name(root, file),
                OptionalLong.of(Files.size(real)),
                sha256.filter(HubFile::isSha256)
                        .or(() -> Optional.of(blob).filter(HubFile::isSha256)),
                Optional.of(blob).filter(HubFile::isSha1),
                "");
    }

    /** The file itself, which must lie in the folder even when links lead to it. */
    private Path inside(Path file) throws IOException {
        Path real = file.toRealPath();
        if (!real.startsWith(fence())) {
            throw new ModelException(
                    Kind.DAMAGED,
                    "%s is a link that leads out of %s, which is refused; copy the file itself"
                            .formatted(file, folder));
        }
        return real;
    }

    /** A snapshot's links lead to the blobs beside it. */
    private Path fence() throws IOException {
        Path home = folder.toRealPath();
        Path parent = home.getParent();
        return parent != null && parent.endsWith("snapshots") && parent.getParent() != null
                ? parent.getParent()
                : home;
    }

    private static String name(Path root, Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    private static boolean hidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static ModelException unreadable(Path path, Exception fault) {
        return new ModelException(
                Kind.ENVIRONMENT, "cannot read %s: %s".formatted(path, fault.getMessage()), fault);
    }
}
