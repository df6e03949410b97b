package io.rackmark.model.pull;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * One file of a model, as its source describes it.
 *
 * @param path relative, with forward slashes
 * @param bytes empty when the source does not say
 * @param sha256 of the content, which hubs know of large files
 * @param blobSha1 git's object id, which hubs know of small files
 * @param version what names this content: one of the hashes, or commit and path; empty if unknown
 */
public record HubFile(
        String path,
        OptionalLong bytes,
        Optional<String> sha256,
        Optional<String> blobSha1,
        String version) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");

    public HubFile {
        FileNames.check(path);
        if (bytes.isPresent() && bytes.getAsLong() < 0) {
            throw new IllegalArgumentException("a size below zero");
        }
        if (!sha256.map(HubFile::isSha256).orElse(true)) {
            throw new IllegalArgumentException("a SHA-256 that is none");
        }
        if (!blobSha1.map(HubFile::isSha1).orElse(true)) {
            throw new IllegalArgumentException("a blob id that is none");
        }
    }

    /** A file whose content the best known hash names, or else its place in this commit. */
    static HubFile of(
            String path,
            OptionalLong bytes,
            Optional<String> sha256,
            Optional<String> blobSha1,
            String commit) {
        String version =
                sha256.or(() -> blobSha1).orElse(commit.isEmpty() ? "" : commit + "/" + path);
        return new HubFile(path, bytes, sha256, blobSha1, version);
    }

    static boolean isSha256(String text) {
        return SHA256.matcher(text).matches();
    }

    static boolean isSha1(String text) {
        return SHA1.matcher(text).matches();
    }
}
