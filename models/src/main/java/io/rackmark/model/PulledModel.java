package io.rackmark.model;

import java.util.List;
import java.util.Optional;

/**
 * What was fetched from a hub or a folder, written beside the files as {@code rackmark-pull.json}.
 * A directory of the store is a model only with it, and it is written last.
 *
 * @param id as asked for, {@code org/name} or {@code org/name@revision}
 * @param commit of the hub, or empty when it named none
 * @param source the hub's address or the folder
 * @param licence as the hub states it
 * @param gated whether the hub asks for consent to the licence first
 */
public record PulledModel(
        String id,
        String commit,
        String source,
        Optional<String> licence,
        boolean gated,
        List<File> files) {
    public PulledModel {
        files = List.copyOf(files);
    }

    /**
     * @param name relative to the model's directory, with forward slashes
     * @param sha256 in lower-case hexadecimal
     */
    public record File(String name, long bytes, String sha256) {}

    /** Size of all files. */
    public long bytes() {
        return files.stream().mapToLong(File::bytes).sum();
    }
}
