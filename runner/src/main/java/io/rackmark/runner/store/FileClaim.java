package io.rackmark.runner.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An exclusive lock of the operating system on a file that names its holder. The system lets go of
 * it when the holder dies, however it dies.
 */
final class FileClaim implements AutoCloseable {
    /** Outside the content, so that others can read who holds it where locks are mandatory. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private static final int MAX_CONTENT_BYTES = 32;

    /**
     * Files held by this JVM. POSIX drops all locks of a process on a file when any descriptor of
     * it is closed, so a held file must not even be opened again.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private FileClaim(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock, or throws {@link Held} at once when another has it. */
    static FileClaim take(Path file) throws IOException, Held {
        Path key = realPath(file);
        if (!HELD.add(key)) {
            throw new Held(Long.toString(ProcessHandle.current().pid()));
        }
        @Nullable FileClaim claim = null;
        try {
            while (claim == null) {
                claim = attempt(key);
            }
            return claim;
        } finally {
            if (claim == null) {
                HELD.remove(key);
            }
        }
    }

    /** Null when the file was deleted by its former holder between opening and locking it. */
    private static @Nullable FileClaim attempt(Path file) throws IOException, Held {
        create(file);
        @Nullable Object before = identity(file);
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            return null;
        }
        boolean taken = false;
        try {
            @Nullable FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) {
                throw new Held(content(channel));
            }
            if (before == null || !before.equals(identity(file))) {
                return null;
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid().getBytes(StandardCharsets.US_ASCII)), 0);
            taken = true;
            return new FileClaim(file, channel);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static void create(Path file) throws IOException {
        try {
            Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                    .close();
        } catch (java.nio.file.FileAlreadyExistsException e) {
            // Left by a holder, dead or alive: the lock will tell.
        }
    }

    private static Path realPath(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        @Nullable Path directory = absolute.getParent();
        @Nullable Path name = absolute.getFileName();
        if (directory == null || name == null) {
            throw new NoSuchFileException(file.toString());
        }
        Files.createDirectories(directory);
        return directory.toRealPath().resolve(name);
    }

    /** Device and inode where there are such, else the path: never null for an existing file. */
    private static @Nullable Object identity(Path file) throws IOException {
        try {
            @Nullable Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file : key;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static String pid() {
        return Long.toString(ProcessHandle.current().pid());
    }

    private static String content(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_CONTENT_BYTES);
        channel.read(bytes, 0);
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
        return text.matches("\\d+") ? text : "unknown";
    }

    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        try (channel) {
            Files.deleteIfExists(file); // while still locked, so that it is ours to delete
        } finally {
            HELD.remove(file);
        }
    }

    /** Another process, or another part of this one, has the lock. */
    static final class Held extends Exception {
        private static final long serialVersionUID = 1L;

        private final String holder;

        Held(String holder) {
            this.holder = holder;
        }

        /** Process id of the holder, or {@code unknown}. */
        String holder() {
            return holder;
        }
    }
}
