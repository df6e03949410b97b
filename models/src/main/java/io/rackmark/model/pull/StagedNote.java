package io.rackmark.model.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a file in the staging directory.
 *
 * @param version of the {@link HubFile} it holds
 * @param etag that came with its bytes; empty if none or a weak one
 * @param sha256 once complete, else empty
 */
record StagedNote(String version, String etag, String sha256) {
    private static final long MAX_BYTES = 4096;

    /** The note, or empty when there is none or it is damaged. */
    static Optional<StagedNote> read(Path file) throws IOException {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(file) > MAX_BYTES) {
                return Optional.empty();
            }
            List<String> lines = Files.readString(file).lines().toList();
            return lines.size() == 3
                    ? Optional.of(new StagedNote(lines.get(0), lines.get(1), lines.get(2)))
                    : Optional.empty();
        } catch (NoSuchFileException | java.nio.charset.CharacterCodingException e) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.writeString(file, version + "\n" + etag + "\n" + sha256 + "\n");
    }
}
