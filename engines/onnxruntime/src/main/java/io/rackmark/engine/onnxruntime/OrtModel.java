package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.onnxruntime.binding.NativeSession;
import io.rackmark.engine.onnxruntime.binding.NodePlacement;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Optional;

/** A session with the mapped weights that it may go on reading. */
final class OrtModel implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Optional<NativeSession> bound;
    private final GraphInterface graph;
    private final Map<String, OnnxTensorLike> handedOver;
    private final Arena mappings;

    /**
     * @param threads that compute
     * @param tensorRt options of that provider
     * @param refuseCpu whether a node that falls to the CPU's provider is an error
     */
    record Settings(
            int threads,
            OnnxRuntimeOptions options,
            Target target,
            Map<String, String> tensorRt,
            boolean refuseCpu) {
        Settings {
            tensorRt = Map.copyOf(tensorRt);
        }
    }

    private OrtModel(
            OrtEnvironment environment,
            OrtSession session,
            Optional<NativeSession> bound,
            GraphInterface graph,
            Map<String, OnnxTensorLike> handedOver,
            Arena mappings) {
        this.environment = environment;
        this.session = session;
        this.bound = bound;
        this.graph = graph;
        this.handedOver = handedOver;
        this.mappings = mappings;
    }

    /**
     * Loads graph and weights.
     *
     * @throws EngineException of kind {@code BAD_MODEL}, {@code OUT_OF_MEMORY}, or {@code
     *     UNAVAILABLE} when the provider has no kernel for a node
     */
    static OrtModel load(OrtLibrary library, WeightFiles files, Settings settings) {
        Arena mappings = Arena.ofShared();
        Map<String, OnnxTensorLike> handedOver = Map.of();
        OrtEnvironment environment = library.environment();
        try (OrtSession.SessionOptions options = options(settings)) {
            handedOver = files.map(environment, mappings);
            if (!handedOver.isEmpty()) {
                options.addExternalInitializers(handedOver);
            }
            OrtSession session = environment.createSession(files.graph().toString(), options);
            try {
                GraphInterface graph = GraphInterface.of(files.graph(), session);
                Optional<NativeSession> bound =
                        settings.target().binding() == GpuOptions.Binding.IO
                                ? Optional.of(
                                        NativeSession.of(
                                                library.api(), session, settings.target().place()))
                                : Optional.empty();
                return new OrtModel(environment, session, bound, graph, handedOver, mappings);
            } catch (Throwable e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            close(handedOver, mappings);
            throw failure(files, settings, e);
        } catch (Throwable e) {
            close(handedOver, mappings);
            throw e;
        }
    }

    private static EngineException failure(WeightFiles files, Settings settings, OrtException e) {
        if (OrtFailures.isFallback(e)) {
            return new EngineException(
                    Kind.UNAVAILABLE,
                    "%s has no kernel for a node of %s, and the CPU does not stand in for it; take"
                                    .formatted(
                                            settings.target().provider().title(),
                                            files.graph().getFileName())
                            + " precision f16 or f32 with the default graph, or --device cpu",
                    e);
        }
        return OrtFailures.of(Kind.BAD_MODEL, "cannot load " + files.graph(), e);
    }

    private static OrtSession.SessionOptions options(Settings settings) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        try {
            options.setIntraOpNumThreads(settings.threads());
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(settings.options().optimization().level());
            options.addConfigEntry(
                    "session.intra_op.allow_spinning", settings.options().spin() ? "1" : "0");
            options.addConfigEntry(
                    "session.disable_prepacking", settings.options().prepack() ? "0" : "1");
            if (settings.refuseCpu()) {
                options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
            }
            if (settings.target().binding() == GpuOptions.Binding.IO) {
                options.addConfigEntry(NodePlacement.RECORD, "1");
            }
            ExecutionProviders.add(
                    options,
                    settings.target(),
                    settings.tensorRt(),
                    settings.options().gpu().tf32());
            return options;
        } catch (Throwable e) {
            options.close();
            throw e;
        }
    }

    OrtEnvironment environment() {
        return environment;
    }

    OrtSession session() {
        return session;
    }

    /** The session through the C API, when its inputs and outputs are bound. */
    Optional<NativeSession> bound() {
        return bound;
    }

    GraphInterface graph() {
        return graph;
    }

    @Override
    public void close() {
        try {
            bound.ifPresent(NativeSession::close);
            session.close();
        } catch (OrtException e) {
            throw OrtFailures.of(Kind.INTERNAL, "cannot close the session", e);
        } finally {
            close(handedOver, mappings);
        }
    }

    private static void close(Map<String, OnnxTensorLike> tensors, Arena mappings) {
        tensors.values().forEach(OnnxTensorLike::close);
        mappings.close();
    }
}
