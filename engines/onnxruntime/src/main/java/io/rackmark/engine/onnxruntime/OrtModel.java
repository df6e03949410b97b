package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import java.lang.foreign.Arena;
import java.util.Map;

/** A session with the mapped weights that it may go on reading. */
final class OrtModel implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final GraphInterface graph;
    private final Map<String, OnnxTensorLike> handedOver;
    private final Arena mappings;

    /**
     * @param threads that compute
     */
    record Settings(int threads, OnnxRuntimeOptions options) {}

    private OrtModel(
            OrtEnvironment environment,
            OrtSession session,
            GraphInterface graph,
            Map<String, OnnxTensorLike> handedOver,
            Arena mappings) {
        this.environment = environment;
        this.session = session;
        this.graph = graph;
        this.handedOver = handedOver;
        this.mappings = mappings;
    }

    /**
     * Loads graph and weights.
     *
     * @throws EngineException of kind {@code BAD_MODEL} or {@code OUT_OF_MEMORY}
     */
    static OrtModel load(OrtEnvironment environment, WeightFiles files, Settings settings) {
        MainMemory.require(
                (double) files.bytes(),
                files.graph().getFileName() + " with its weights",
                "take a smaller model or precision");
        Arena mappings = Arena.ofShared();
        Map<String, OnnxTensorLike> handedOver = Map.of();
        try (OrtSession.SessionOptions options = options(settings)) {
            handedOver = files.map(environment, mappings);
            if (!handedOver.isEmpty()) {
                options.addExternalInitializers(handedOver);
            }
            OrtSession session = environment.createSession(files.graph().toString(), options);
            try {
                GraphInterface graph = GraphInterface.of(files.graph(), session);
                return new OrtModel(environment, session, graph, handedOver, mappings);
            } catch (Throwable e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            close(handedOver, mappings);
            throw OrtFailures.of(Kind.BAD_MODEL, "cannot load " + files.graph(), e);
        } catch (Throwable e) {
            close(handedOver, mappings);
            throw e;
        }
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

    GraphInterface graph() {
        return graph;
    }

    @Override
    public void close() {
        try {
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
