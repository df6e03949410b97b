package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.Fact;
import io.rackmark.engine.onnxruntime.binding.OrtApi;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The loaded native library; one per process, never unloaded. */
final class OrtLibrary {
    private static @Nullable OrtLibrary loaded;

    private final OrtEnvironment environment;
    private final NativeFiles files;
    private @Nullable OrtApi api;

    private OrtLibrary(OrtEnvironment environment, NativeFiles files) {
        this.environment = environment;
        this.files = files;
    }

    /**
     * Unpacks and loads the library on the first call.
     *
     * @throws EngineException of kind {@code UNAVAILABLE}
     */
    static synchronized OrtLibrary load() {
        OrtLibrary before = loaded;
        if (before != null) {
            return before;
        }
        NativeFiles files = NativeFiles.unpack(NativeFiles.cacheDirectory());
        // Read once, when ONNX Runtime's classes load their library; it would else unpack a copy
        // into the temporary directory that a killed process leaves behind.
        System.setProperty("onnxruntime.native.path", files.directory().toString());
        OrtLibrary library = new OrtLibrary(start(), files);
        loaded = library;
        return library;
    }

    private static OrtEnvironment start() {
        try {
            OrtEnvironment environment =
                    OrtEnvironment.getEnvironment(
                            OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "rackmark");
            // Once more: the environment of a worker has it switched off before the library loads.
            environment.setTelemetry(false);
            return environment;
        } catch (OrtException | LinkageError | IllegalStateException e) {
            throw new EngineException(
                    Kind.UNAVAILABLE, "the library of ONNX Runtime cannot be loaded: " + e, e);
        }
    }

    OrtEnvironment environment() {
        return environment;
    }

    /**
     * The C API of this library.
     *
     * @throws EngineException of kind {@code UNAVAILABLE} when its version is not known
     */
    synchronized OrtApi api() {
        OrtApi known = api;
        if (known == null) {
            known = OrtApi.of(files.library());
            api = known;
        }
        return known;
    }

    /** Where Rackmark keeps what it derives. */
    static Path cache() {
        return NativeFiles.cacheDirectory();
    }

    /** Puts what the build has for GPUs beside the library, where it looks for them. */
    void unpackGpuProviders() {
        files.unpackGpuProviders();
    }

    String version() {
        return environment.getVersion();
    }

    /** What identifies the build. */
    List<Fact> facts() {
        return List.of(
                new Fact("build", version()),
                new Fact("library", files.library().toString()),
                new Fact("library-sha256", files.sha256()),
                new Fact("library-source", "shipped"),
                new Fact("providers", OrtEnvironment.getAvailableProviders().toString()));
    }
}
