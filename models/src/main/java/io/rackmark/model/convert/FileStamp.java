package io.rackmark.model.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file looked like when it was hashed; kept in a small text file.
 *
 * @param sha256 empty when not yet known
 * @param modifiedNanos since the epoch
 */
record FileStamp(String sha256, long bytes, long modifiedNanos) {
    static FileStamp of(Path file) throws IOException {
        return new FileStamp(
                "",
                Files.size(file),
                Files.getLastModifiedTime(file).to(java.util.concurrent.TimeUnit.NANOSECONDS));
    }

    /** The stamp in this file, or null when there is none or it is damaged. */
    static @Nullable FileStamp read(Path file) throws IOException {
        try {
            if (Files.size(file) > 256) {
                return null;
            }
            List<String> fields = List.of(Files.readString(file).strip().split(" ", -1));
            return fields.size() == 3 && fields.getFirst().matches("[0-9a-f]{64}")
                    ? new FileStamp(
                            fields.get(0),
                            Long.parseLong(fields.get(1)),
                            Long.parseLong(fields.get(2)))
                    : null;
        } catch (NoSuchFileException
                | NumberFormatException
                | java.nio.charset.CharacterCodingException e) {
            return null;
        }
    }

    /** Same size and time; the hash is not looked at. */
    boolean sameFileAs(FileStamp other) {
        return bytes == other.bytes && modifiedNanos == other.modifiedNanos;
    }

    FileStamp withHash(String hash) {
        return new FileStamp(hash, bytes, modifiedNanos);
    }

    /** Replaces the file in one step, so that no reader sees half of it. */
    void write(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(directory, "stamp", ".tmp");
        try {
            Files.writeString(temporary, "%s %d %d%n".formatted(sha256, bytes, modifiedNanos));
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
