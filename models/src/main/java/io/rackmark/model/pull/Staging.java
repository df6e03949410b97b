package io.rackmark.model.pull;

import io.rackmark.model.PulledModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The directory in which a model is gathered: {@code files/} complete ones, {@code parts/} begun
 * ones, {@code notes/} what is known of either. Used under the model's lock.
 */
final class Staging {
    private final Path root;

    Staging(Path root) {
        this.root = root;
    }

    /** What becomes the model's directory. */
    Path files() {
        return root.resolve("files");
    }

    /** Where an older version of the model waits for its deletion. */
    Path old() {
        return root.resolve("old");
    }

    /** The file, if an earlier pull completed it. */
    Optional<PulledModel.File> finished(HubFile file) throws IOException {
        Path path = files().resolve(file.path());
        if (file.version().isEmpty() || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        long bytes = Files.size(path);
        return StagedNote.read(note(file))
                .filter(note -> note.version().equals(file.version()) && !note.sha256().isEmpty())
                .filter(note -> file.bytes().orElse(bytes) == bytes)
                .map(note -> new PulledModel.File(file.path(), bytes, note.sha256()));
    }

    /** Bytes of the file that need not be fetched again. */
    long present(HubFile file) throws IOException {
        Optional<PulledModel.File> finished = finished(file);
        if (finished.isPresent()) {
            return finished.get().bytes();
        }
        Path part = partPath(file);
        return Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)
                        && PartFile.usable(file, StagedNote.read(note(file)))
                ? Files.size(part)
                : 0;
    }

    /** Opens what there is of the file. */
    PartFile part(HubFile file) throws IOException {
        Path part = partPath(file);
        Files.createDirectories(part.getParent());
        Files.createDirectories(note(file).getParent());
        return PartFile.open(file, part, note(file));
    }

    /** Puts a file with the right content among the complete ones. */
    PulledModel.File accept(HubFile file, PartFile part) throws IOException {
        String sha256 = part.finish();
        Path target = files().resolve(file.path());
        Files.createDirectories(target.getParent());
        new StagedNote(file.version(), "", sha256).write(note(file));
        Files.move(
                partPath(file),
                target,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        return new PulledModel.File(file.path(), Files.size(target), sha256);
    }

    /** Takes a file of the version that is in the store already; by link where possible. */
    PulledModel.File reuse(HubFile file, Path stored, String sha256) throws IOException {
        Path target = files().resolve(file.path());
        Files.createDirectories(target.getParent());
        Files.createDirectories(note(file).getParent());
        Files.deleteIfExists(target);
        try {
            Files.createLink(target, stored);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(stored, target);
        }
        new StagedNote(file.version(), "", sha256).write(note(file));
        return new PulledModel.File(file.path(), Files.size(target), sha256);
    }

    private Path partPath(HubFile file) {
        return root.resolve("parts").resolve(file.path());
    }

    private Path note(HubFile file) {
        return root.resolve("notes").resolve(file.path());
    }
}
