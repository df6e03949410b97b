package io.rackmark.engine.onnxruntime;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.model.FileHash;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The shipped libraries, unpacked to a private place: {@code cache/native/SHA-256/}, where the hash
 * is that of ONNX Runtime itself.
 *
 * @param directory of ONNX Runtime and its Java binding
 * @param sha256 of the former
 */
record NativeFiles(Path directory, String sha256) {
    /** {@code shared} is what the others are loaded through. */
    private static final List<String> GPU_PROVIDERS = List.of("shared", "cuda", "tensorrt");

    /** ONNX Runtime. */
    Path library() {
        return directory.resolve(System.mapLibraryName("onnxruntime"));
    }

    /**
     * Unpacks what is not there yet.
     *
     * @throws EngineException of kind {@code UNAVAILABLE}
     */
    static NativeFiles unpack(Path cache) {
        String platform = platform();
        byte[] library = resource(platform, System.mapLibraryName("onnxruntime"));
        byte[] binding = resource(platform, System.mapLibraryName("onnxruntime4j_jni"));
        String sha256 = FileHash.sha256(library);
        Path directory = cache.resolve("native").resolve(sha256);
        try {
            createPrivate(directory);
            place(directory.resolve(System.mapLibraryName("onnxruntime4j_jni")), binding);
            String shared = System.mapLibraryName("onnxruntime_providers_shared");
            // Where it is missing, the Java API unpacks it into the temporary directory.
            place(directory.resolve(shared), platform, shared);
            NativeFiles files = new NativeFiles(directory.toRealPath(), sha256);
            place(files.library(), library);
            return files;
        } catch (IOException e) {
            throw new EngineException(
                    Kind.UNAVAILABLE,
                    "the library of ONNX Runtime cannot be unpacked to %s: %s; name a directory that"
                                    .formatted(directory, e)
                            + " can be written in RACKMARK_CACHE or with -Drackmark.cache=DIR",
                    e);
        }
    }

    /**
     * Unpacks the providers that a build for GPUs has; another build has none. They take half a
     * gigabyte, so one of the right length is taken to be whole.
     *
     * @throws EngineException of kind {@code UNAVAILABLE}
     */
    void unpackGpuProviders() {
        for (String name : GPU_PROVIDERS) {
            String file = System.mapLibraryName("onnxruntime_providers_" + name);
            try {
                place(directory.resolve(file), platform(), file);
            } catch (IOException e) {
                throw new EngineException(
                        Kind.UNAVAILABLE,
                        "%s cannot be unpacked to %s: %s; free space there or name another directory"
                                        .formatted(file, directory, e)
                                + " in RACKMARK_CACHE",
                        e);
            }
        }
    }

    private static void place(Path file, String platform, String name) throws IOException {
        URL resource = NativeFiles.class.getClassLoader().getResource(path(platform, name));
        if (resource == null) {
            return;
        }
        URLConnection connection = resource.openConnection();
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream()) {
            if (!Files.isRegularFile(file)
                    || Files.size(file) != connection.getContentLengthLong()) {
                place(file, in);
            }
        }
    }

    private static String path(String platform, String name) {
        return "ai/onnxruntime/native/" + platform + "/" + name;
    }

    /** As ONNX Runtime names the folders in its jar. */
    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "osx" : os.startsWith("windows") ? "win" : "linux";
        return switch (arch) {
            case "amd64", "x86_64" -> system + "-x64";
            case "arm64", "aarch64" -> system + "-aarch64";
            default -> system + "-" + arch;
        };
    }

    private static byte[] resource(String platform, String name) {
        ClassLoader loader = NativeFiles.class.getClassLoader();
        try (InputStream in = loader.getResourceAsStream(path(platform, name))) {
            if (in == null) {
                throw new EngineException(
                        Kind.UNAVAILABLE,
                        "ONNX Runtime ships no library for %s; it has them for Linux and macOS on"
                                        .formatted(platform)
                                + " ARM64, Linux and Windows on x86-64");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new EngineException(
                    Kind.UNAVAILABLE, "the library of ONNX Runtime cannot be read: " + e, e);
        }
    }

    /**
     * Property {@code rackmark.cache}, else RACKMARK_CACHE, else XDG_CACHE_HOME/rackmark, else
     * ~/.cache/rackmark.
     */
    static Path cacheDirectory() {
        return cacheDirectory(
                System.getProperty("rackmark.cache", System.getenv("RACKMARK_CACHE")),
                System.getenv("XDG_CACHE_HOME"),
                System.getProperty("user.home"));
    }

    static Path cacheDirectory(@Nullable String chosen, @Nullable String xdg, String home) {
        if (chosen != null && !chosen.isBlank()) {
            return Path.of(chosen);
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

    private static void place(Path file, byte[] content) throws IOException {
        if (Files.isRegularFile(file) && FileHash.sha256(file).equals(FileHash.sha256(content))) {
            return;
        }
        place(file, new ByteArrayInputStream(content));
    }

    /** It appears under its name only when it is complete. */
    private static void place(Path file, InputStream content) throws IOException {
        Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "library", ".part");
        try {
            Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(
                    part,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
