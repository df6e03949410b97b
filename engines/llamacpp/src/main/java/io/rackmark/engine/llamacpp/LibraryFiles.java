package io.rackmark.engine.llamacpp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the native library: the user's own, or the shipped one, unpacked to a private place. */
final class LibraryFiles {
    private static final List<String> USER_NAMES =
            List.of(
                    "libllama.so",
                    "libjllama.so",
                    "libllama.dylib",
                    "libjllama.dylib",
                    "llama.dll");

    private LibraryFiles() {}

    static LibraryFile locate(Optional<Path> lib) {
        return lib.map(LibraryFiles::user).orElseGet(() -> shipped(cacheDirectory()));
    }

    /**
     * @param lib a directory holding a library of llama.cpp, or the library itself
     */
    static LibraryFile user(Path lib) {
        Path file = Files.isDirectory(lib) ? inDirectory(lib) : lib;
        if (!Files.isRegularFile(file)) {
            throw new UnusableLibraryException(
                    "lib " + lib + " does not exist",
                    "name a directory that holds libllama.so, or the file itself, in --llama-lib");
        }
        try (InputStream content = Files.newInputStream(file)) {
            return new LibraryFile(file.toRealPath(), sha256(content), LibraryFile.Source.USER);
        } catch (IOException e) {
            throw new UnusableLibraryException(
                    "lib " + file + " cannot be read: " + e, "check its permissions");
        }
    }

    private static Path inDirectory(Path directory) {
        return USER_NAMES.stream()
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(
                        () ->
                                new UnusableLibraryException(
                                        "directory %s holds none of %s"
                                                .formatted(
                                                        directory, String.join(", ", USER_NAMES)),
                                        UnusableLibraryException.BUILD_REMEDY));
    }

    /**
     * The shipped library, unpacked as {@code cache/native/SHA-256/NAME}. Read as a resource: the
     * classes beside it delete files in the temporary directory when initialised.
     */
    static LibraryFile shipped(Path cache) {
        Platform platform = Platform.current();
        byte[] content = resource(platform);
        String sha256 = HexFormat.of().formatHex(digest().digest(content));
        Path directory = cache.resolve("native").resolve(sha256);
        Path file = directory.resolve(platform.fileName());
        try {
            createPrivate(directory);
            if (!holds(file, sha256)) {
                write(file, content);
            }
            return new LibraryFile(file.toRealPath(), sha256, LibraryFile.Source.SHIPPED);
        } catch (IOException e) {
            throw new UnusableLibraryException(
                    "the shipped library cannot be unpacked to %s: %s".formatted(directory, e),
                    "name a directory that can be written with -Drackmark.cache=DIR or"
                            + " XDG_CACHE_HOME");
        }
    }

    private static byte[] resource(Platform platform) {
        ClassLoader loader = LibraryFiles.class.getClassLoader();
        try (InputStream in = loader.getResourceAsStream(platform.resource())) {
            if (in == null) {
                throw new UnusableLibraryException(
                        "de.kherud:llama is not on the class path", "install Rackmark again");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UnusableLibraryException(
                    "the shipped library cannot be read: " + e, "install Rackmark again");
        }
    }

    /** Property {@code rackmark.cache}, else XDG_CACHE_HOME/rackmark, else ~/.cache/rackmark. */
    static Path cacheDirectory() {
        return cacheDirectory(
                System.getProperty("rackmark.cache"),
                System.getenv("XDG_CACHE_HOME"),
                System.getProperty("user.home"));
    }

    static Path cacheDirectory(@Nullable String property, @Nullable String xdg, String home) {
        if (property != null && !property.isBlank()) {
            return Path.of(property);
        }
        // The XDG specification has relative paths ignored.
        if (xdg != null && Path.of(xdg).isAbsolute()) {
            return Path.of(xdg, "rackmark");
        }
        return Path.of(home, ".cache", "rackmark");
    }

    private static void createPrivate(Path directory) throws IOException {
        Files.createDirectories(directory);
        PosixFileAttributeView view =
                Files.getFileAttributeView(directory, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Path part = Files.createTempFile(directory, "library", ".part");
        try {
            Files.write(part, content);
            Files.move(
                    part,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static boolean holds(Path file, String sha256) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return sha256(in).equals(sha256);
        }
    }

    private static String sha256(InputStream in) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
