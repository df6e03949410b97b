package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtException;
import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.Fact;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.decoder.ComputeThreads;
import io.rackmark.engine.decoder.Decoder;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.engine.decoder.TokenModelShape;
import io.rackmark.model.onnx.GraphForm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The opened library; holds no memory of its own. */
final class OnnxRuntimeEngine implements Engine {
    private final OrtLibrary library;
    private final OnnxRuntimeOptions options;

    OnnxRuntimeEngine(OrtLibrary library, OnnxRuntimeOptions options) {
        this.library = library;
        this.options = options;
    }

    @Override
    public List<Fact> facts() {
        return library.facts();
    }

    @Override
    public LoadedModel load(ModelFiles files, LoadOptions load) {
        return Decoder.open(openTokenModel(files, load), files);
    }

    /** The mathematics alone. */
    TokenModel openTokenModel(ModelFiles files, LoadOptions load) {
        requireOnnx(files);
        requireCpu(load.device());
        WeightFiles weights = WeightFiles.find(graph(files), files);
        int threads = load.threads() > 0 ? load.threads() : ComputeThreads.byDefault();
        OrtModel model =
                OrtModel.load(
                        library.environment(), weights, new OrtModel.Settings(threads, options));
        try {
            requireFit(model.graph(), files, load);
            Sequences sequences = sequences(model, load);
            return new OrtTokenModel(
                    model, sequences, shape(weights, model.graph(), sequences, load, threads));
        } catch (Throwable e) {
            model.close();
            throw e;
        }
    }

    private static void requireOnnx(ModelFiles files) {
        if (files.format() != ModelFormat.ONNX) {
            throw new EngineException(
                    Kind.BAD_MODEL,
                    "ONNX Runtime loads ONNX, %s is %s; convert the checkpoint first"
                            .formatted(files.weights(), files.format()));
        }
    }

    /** Why no other device can be named. */
    static final String CPU_ONLY =
            "this build of ONNX Runtime computes on the CPU only, and builds for other devices are"
                    + " not driven yet; take --device cpu, or another engine for this device";

    private static void requireCpu(String device) {
        if (!device.equals("cpu")) {
            throw new EngineException(
                    Kind.UNAVAILABLE, "device %s: %s".formatted(device, CPU_ONLY));
        }
    }

    /** The graph that the options name, among those of the conversion. */
    private Path graph(ModelFiles files) {
        if (options.graph() == GraphForm.CONTRIB) {
            return files.weights();
        }
        Path file = options.graph().beside(files.weights());
        if (!Files.isRegularFile(file)) {
            throw new EngineException(
                    Kind.BAD_OPTION,
                    "engine onnxruntime: option 'graph' is %s, but there is no %s beside %s; in"
                                    .formatted(
                                            options.graph().label(),
                                            file.getFileName(),
                                            files.weights())
                            + " precision %s it can be %s"
                                    .formatted(files.precision().label(), graphs(files)));
        }
        return file;
    }

    private static String graphs(ModelFiles files) {
        return String.join(
                ", ",
                java.util.Arrays.stream(GraphForm.values())
                        .filter(form -> Files.isRegularFile(form.beside(files.weights())))
                        .map(GraphForm::label)
                        .toList());
    }

    private static void requireFit(GraphInterface graph, ModelFiles files, LoadOptions load) {
        VocabularyCheck.require(files.checkpoint(), graph.vocabulary());
        int context = graph.context().orElse(Integer.MAX_VALUE);
        if (load.contextTokens() > context) {
            throw new EngineException(
                    Kind.BAD_OPTION,
                    "a context of %d tokens is more than the %d that %s was made for; ask for less"
                            .formatted(load.contextTokens(), context, files.weights()));
        }
        MainMemory.require(
                (double) graph.bytesPerToken() * load.contextTokens() * load.slots(),
                "the KV cache of %d slots of %d tokens"
                        .formatted(load.slots(), load.contextTokens()),
                "ask for fewer slots or a shorter context");
        long row = graph.bytesPerToken() / (2L * graph.layers()) * load.contextTokens();
        if (graph.sharesBuffers() && row > Integer.MAX_VALUE) {
            throw new EngineException(
                    Kind.OUT_OF_MEMORY,
                    "the keys of one layer and slot need %d bytes, a buffer holds %d; ask for a"
                                    .formatted(row, Integer.MAX_VALUE)
                            + " shorter context");
        }
    }

    private static Sequences sequences(OrtModel model, LoadOptions load) {
        try {
            return model.graph().sharesBuffers()
                    ? new SharedSequences(model, load.slots(), load.contextTokens())
                    : new ChainedSequences(model, load.slots());
        } catch (OrtException e) {
            throw OrtFailures.of(Kind.INTERNAL, "cannot allocate the KV cache", e);
        } catch (OutOfMemoryError e) {
            throw new EngineException(
                    Kind.OUT_OF_MEMORY,
                    "the KV cache of %d slots of %d tokens cannot be allocated; ask for less"
                            .formatted(load.slots(), load.contextTokens()),
                    e);
        }
    }

    private TokenModelShape shape(
            WeightFiles weights,
            GraphInterface graph,
            Sequences sequences,
            LoadOptions load,
            int threads) {
        return new TokenModelShape(
                graph.vocabulary(),
                load.contextTokens(),
                load.slots(),
                Math.min(options.chunk(), load.contextTokens()),
                sequences.cacheBytes(),
                List.of(
                        new Fact("graph", String.valueOf(weights.graph().getFileName())),
                        new Fact("execution-provider", "CPUExecutionProvider"),
                        new Fact("threads", String.valueOf(threads)),
                        new Fact("optimization", options.optimization().label()),
                        new Fact("spin", String.valueOf(options.spin())),
                        new Fact("prepack", String.valueOf(options.prepack())),
                        new Fact("kv-cache", graph.sharesBuffers() ? "in place" : "copied"),
                        new Fact("model-bytes", String.valueOf(weights.bytes())),
                        new Fact(
                                "model-bytes-in-checkpoint",
                                String.valueOf(weights.bytesInCheckpoint()))));
    }

    @Override
    public void close() {}
}
