package io.rackmark.engine.pytorch;

import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.LibUtils;
import io.rackmark.engine.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The loaded libtorch, one per process. Left to itself DJL asks a cloud metadata address for its
 * place, calls home, downloads a library that fits a GPU it finds, and unpacks under the home
 * directory; {@link #load} tells it otherwise before any of its classes is loaded.
 */
final class LibTorch {
    /** Unpacked size of the CPU library, rounded up. */
    private static final long UNPACKED_BYTES = 460L << 20;

    private static @Nullable LibTorch loaded;

    private final Path directory;
    private final List<Fact> facts;

    private LibTorch(Path directory, List<Fact> facts) {
        this.directory = directory;
        this.facts = List.copyOf(facts);
    }

    /**
     * Unpacks the library where that was not done before, and loads it.
     *
     * @throws UnusableLibraryException saying what to do
     */
    static synchronized LibTorch load() {
        if (loaded == null) {
            NativePackage shipped = NativePackage.find();
            Path home = NativePackage.directory();
            prepare(home);
            start(home);
            Path directory = Path.of(LibUtils.getLibtorchPath());
            List<Fact> facts = new ArrayList<>(shipped.facts());
            facts.add(new Fact("djl", Engine.getDjlVersion()));
            facts.addAll(LibraryHashes.facts(directory));
            facts.addAll(NativeReport.facts(directory.resolve("libtorch_cpu.so")));
            loaded = new LibTorch(directory, facts);
        }
        return loaded;
    }

    /** Each makes DJL take another library than the shipped one, or download it. */
    private static void requireShipped(Map<String, String> environment) {
        for (String name : List.of("PYTORCH_LIBRARY_PATH", "PYTORCH_VERSION", "PYTORCH_FLAVOR")) {
            if (environment.containsKey(name)) {
                throw new UnusableLibraryException(
                        "the environment sets %s, so another libtorch than the shipped one would run"
                                .formatted(name),
                        "unset " + name,
                        null);
            }
        }
    }

    private static void prepare(Path home) {
        requireShipped(System.getenv());
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("DJL_CACHE_DIR", home.toString());
        System.setProperty("ENGINE_CACHE_DIR", home.toString());
        System.setProperty("ai.djl.default_engine", "PyTorch");
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        try {
            Files.createDirectories(home);
            PosixFileAttributeView view =
                    Files.getFileAttributeView(home, PosixFileAttributeView.class);
            if (view != null) {
                view.setPermissions(PosixFilePermissions.fromString("rwx------"));
            }
            boolean unpacked = Files.isDirectory(home.resolve("pytorch"));
            long free = Files.getFileStore(home).getUsableSpace();
            if (!unpacked && free < UNPACKED_BYTES) {
                throw new IOException(
                        "%d MB are needed, %d MB are free"
                                .formatted(UNPACKED_BYTES >> 20, free >> 20));
            }
        } catch (IOException e) {
            throw new UnusableLibraryException(
                    "libtorch cannot be unpacked to %s: %s".formatted(home, e),
                    "name a directory that can be written in RACKMARK_CACHE or with"
                            + " -Drackmark.cache=DIR",
                    e);
        }
    }

    private static void start(Path home) {
        try {
            Engine.getEngine("PyTorch");
        } catch (LinkageError | ai.djl.engine.EngineException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UnusableLibraryException(
                    "libtorch, unpacked under %s, cannot be loaded: %s".formatted(home, cause),
                    "remove that directory, and see that libstdc++ and a glibc of 2.28 or newer are"
                            + " installed",
                    e);
        }
    }

    List<Fact> facts() {
        return facts;
    }

    /** The library that libtorch was built to multiply 32-bit floats with. */
    String blas() {
        return facts.stream()
                .filter(fact -> fact.name().equals("blas"))
                .map(Fact::value)
                .findFirst()
                .orElse("unknown");
    }

    Path directory() {
        return directory;
    }

    /** A manager of native memory in main memory; also where DJL finds a GPU. */
    PtNDManager newManager() {
        return (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(ai.djl.Device.cpu());
    }
}
