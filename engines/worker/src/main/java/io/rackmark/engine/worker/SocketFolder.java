package io.rackmark.engine.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A fresh folder that only this user can enter, with room for one socket. */
final class SocketFolder implements AutoCloseable {
    /** {@code sun_path} of sockaddr_un is 108 bytes on Linux, 104 on macOS, with the final zero. */
    private static final int MOST_PATH_BYTES = 103;

    private final Path folder;

    private SocketFolder(Path folder) {
        this.folder = folder;
    }

    /** In the temporary folder, or in {@code /tmp} when that path is too long for a socket. */
    static SocketFolder create() throws IOException {
        return createIn(List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/tmp")));
    }

    static SocketFolder createIn(List<Path> parents) throws IOException {
        for (Path parent : parents) {
            Path longest = parent.toAbsolutePath().resolve("rackmark-01234567890123456789/s");
            if (longest.toString().getBytes(StandardCharsets.UTF_8).length <= MOST_PATH_BYTES
                    && Files.isWritable(parent)) {
                return new SocketFolder(
                        Files.createTempDirectory(
                                parent.toAbsolutePath(),
                                "rackmark-",
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rwx------"))));
            }
        }
        throw new IOException(
                "no writable temporary folder with a path short enough for a socket in "
                        + parents
                        + "; set -Djava.io.tmpdir to one");
    }

    Path socket() {
        return folder.resolve("s");
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(socket());
        Files.deleteIfExists(folder);
    }
}
