package io.rackmark.model;

import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One file of a model as it lies on disk.
 *
 * @param sha256 in lower-case hexadecimal
 */
public record ModelFile(Path path, long bytes, String sha256) {
    /** Reads size and hash. */
    public static ModelFile of(Path path) {
        try {
            return new ModelFile(path, Files.size(path), FileHash.sha256(path));
        } catch (IOException e) {
            throw new ModelException(
                    Kind.ENVIRONMENT, "cannot read %s: %s".formatted(path, e.getMessage()), e);
        }
    }
}
