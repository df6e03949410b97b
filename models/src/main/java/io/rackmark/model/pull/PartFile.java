package io.rackmark.model.pull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being fetched. It is hashed while it grows; what an earlier pull left is hashed
 * when it is opened. Used by one thread.
 */
public final class PartFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;

    private final HubFile file;
    private final Path note;
    private final FileChannel channel;
    private final MessageDigest sha256 = digest("SHA-256");
    private final @Nullable MessageDigest blob;
    private String etag;
    private long size;
    private @Nullable String verified;

    private PartFile(HubFile file, Path note, FileChannel channel, String etag) {
        this.file = file;
        this.note = note;
        this.channel = channel;
        this.etag = etag;
        this.blob =
                file.blobSha1().isPresent() && file.bytes().isPresent() ? digest("SHA-1") : null;
    }

    /** Whether what was fetched of this version may be continued. */
    static boolean usable(HubFile file, Optional<StagedNote> note) {
        return note.isPresent()
                && note.get().version().equals(file.version())
                && note.get().sha256().isEmpty()
                && !(file.version().isEmpty() && note.get().etag().isEmpty());
    }

    static PartFile open(HubFile file, Path path, Path note) throws IOException {
        Optional<StagedNote> known = StagedNote.read(note);
        FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        try {
            PartFile part =
                    new PartFile(file, note, channel, known.map(StagedNote::etag).orElse(""));
            if (usable(file, known) && channel.size() <= file.bytes().orElse(Long.MAX_VALUE)) {
                part.readPresent();
            } else {
                part.restart("");
            }
            return part;
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    /** Bytes that are here. */
    long size() {
        return size;
    }

    /** The strong ETag under which they came, or empty. */
    String etag() {
        return etag;
    }

    /** Whether everything is here, as far as the size tells. */
    boolean full() {
        return file.bytes().isPresent() && size == file.bytes().getAsLong();
    }

    /** Forgets what is here; what follows comes under this ETag. */
    void restart(String newEtag) throws IOException {
        channel.truncate(0);
        channel.position(0);
        etag = newEtag;
        size = 0;
        verified = null;
        sha256.reset();
        beginBlob();
        new StagedNote(file.version(), newEtag, "").write(note);
    }

    /**
     * Adds bytes at the end.
     *
     * @throws WrongContentException when there are more than the file has
     */
    void append(byte[] bytes, int count) throws IOException {
        if (count > file.bytes().orElse(Long.MAX_VALUE) - size) {
            throw new WrongContentException(
                    "it is longer than the %d bytes it should have"
                            .formatted(file.bytes().orElse(0)));
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        hash(bytes, count);
    }

    /**
     * Checks size and hashes and brings the bytes to the disk. A second call answers at once.
     *
     * @return the SHA-256
     * @throws WrongContentException when the content is not the file's
     */
    String finish() throws IOException {
        if (verified != null) {
            return verified;
        }
        long expected = file.bytes().orElse(size);
        if (size != expected) {
            throw new WrongContentException(
                    "it has %d bytes instead of %d".formatted(size, expected));
        }
        String found = hex(sha256);
        require(file.sha256(), found, "SHA-256");
        if (blob != null) {
            require(file.blobSha1(), hex(blob), "git blob id");
        }
        channel.force(true);
        verified = found;
        return found;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void readPresent() throws IOException {
        beginBlob();
        byte[] buffer = new byte[BUFFER_BYTES];
        channel.position(0);
        for (int count = read(buffer); count > 0; count = read(buffer)) {
            hash(buffer, count);
        }
    }

    private int read(byte[] buffer) throws IOException {
        return channel.read(ByteBuffer.wrap(buffer));
    }

    private void hash(byte[] bytes, int count) {
        size += count;
        sha256.update(bytes, 0, count);
        if (blob != null) {
            blob.update(bytes, 0, count);
        }
    }

    /** A blob's id covers {@code "blob " size NUL} and the content (git-hash-object). */
    private void beginBlob() {
        if (blob != null) {
            blob.reset();
            blob.update(
                    ("blob " + file.bytes().orElse(0) + "\0").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void require(Optional<String> expected, String found, String what)
            throws WrongContentException {
        if (expected.isPresent() && !expected.get().equals(found)) {
            throw new WrongContentException(
                    "its %s is %s instead of %s".formatted(what, found, expected.get()));
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
