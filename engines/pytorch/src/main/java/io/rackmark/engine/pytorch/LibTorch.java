package io.rackmark.engine.pytorch;

import ai.djl.Device;
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
import java.util.Optional;
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

    private final Optional<Path> own;
    private final Path directory;
    private final List<Fact> facts;

    private LibTorch(Optional<Path> own, Path directory, List<Fact> facts) {
        this.own = own;
        this.directory = directory;
        this.facts = List.copyOf(facts);
    }

    /** The shipped library. */
    static LibTorch load() {
        return load(Optional.empty());
    }

    /**
     * Unpacks the library where that was not done before, and loads it.
     *
     * @param own directory of the user's library in place of the shipped one
     * @throws UnusableLibraryException saying what to do
     */
    static synchronized LibTorch load(Optional<Path> own) {
        LibTorch before = loaded;
        if (before != null) {
            if (!before.own.equals(own)) {
                throw new UnusableLibraryException(
                        "this process has loaded libtorch from %s already"
                                .formatted(before.directory),
                        "start another one for another library",
                        null);
            }
            return before;
        }
        NativePackage shipped = NativePackage.find();
        Optional<OwnLibrary> library = own.map(OwnLibrary::of);
        Path home = NativePackage.directory();
        prepare(home, library.isPresent());
        library.ifPresent(OwnLibrary::choose);
        start(library.map(OwnLibrary::directory).orElse(home), library.isPresent());
        Path directory = Path.of(LibUtils.getLibtorchPath());
        List<Fact> facts =
                new ArrayList<>(library.map(OwnLibrary::facts).orElseGet(shipped::facts));
        facts.add(new Fact("djl", Engine.getDjlVersion()));
        facts.addAll(LibraryHashes.facts(directory, home));
        facts.addAll(NativeReport.facts(directory.resolve("libtorch_cpu.so")));
        LibTorch result = new LibTorch(own, directory, facts);
        loaded = result;
        return result;
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

    private static void prepare(Path home, boolean own) {
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
            if (!own && !unpacked && free < UNPACKED_BYTES) {
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

    private static void start(Path where, boolean own) {
        try {
            Engine.getEngine("PyTorch");
        } catch (LinkageError | ai.djl.engine.EngineException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UnusableLibraryException(
                    "libtorch under %s cannot be loaded: %s".formatted(where, cause),
                    own
                            ? "install the library it names, or add its folder to LD_LIBRARY_PATH"
                            : "remove that directory, and see that libstdc++ and a glibc of 2.28 or"
                                    + " newer are installed",
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

    /** Of the user's library, if it is not the shipped one. */
    Optional<Path> own() {
        return own;
    }

    Path directory() {
        return directory;
    }

    /** A manager of memory of one device, which DJL would else choose itself. */
    PtNDManager newManager(Device device) {
        return (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(device);
    }
}
