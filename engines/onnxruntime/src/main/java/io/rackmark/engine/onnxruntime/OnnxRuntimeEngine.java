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
import io.rackmark.engine.decoder.MainMemory;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.engine.decoder.TokenModelShape;
import io.rackmark.engine.onnxruntime.binding.NativeSession;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.ModelException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        Target target = Target.of(options.gpu(), load.device());
        Gpus.require(library, target);
        WeightFiles weights = WeightFiles.find(GraphChoice.file(options, target, files), files);
        MainMemory.require((double) weights.bytes(), 0, load.slots(), load.contextTokens());
        int threads = load.threads() > 0 ? load.threads() : ComputeThreads.byDefault();
        OrtModel.Settings settings =
                new OrtModel.Settings(
                        threads,
                        options,
                        target,
                        tensorRt(target, weights, files, load),
                        target.onGpu());
        OrtModel model = OrtModel.load(library, weights, settings);
        try {
            requireFit(model.graph(), target, files, load);
            Sequences sequences = sequences(model, load);
            ModelReport report = new ModelReport(weights, settings, model);
            return new OrtTokenModel(model, sequences, shape(report, sequences, load));
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

    private Map<String, String> tensorRt(
            Target target, WeightFiles weights, ModelFiles files, LoadOptions load) {
        if (target.provider() != Provider.TENSORRT) {
            return Map.of();
        }
        try {
            return new TensorRtSettings(
                            options.gpu().tensorRt(),
                            Checkpoint.readConfig(files.checkpoint()),
                            load,
                            Math.min(options.chunk(), load.contextTokens()))
                    .entries(weights, OrtLibrary.cache());
        } catch (ModelException e) {
            throw new EngineException(Kind.BAD_MODEL, String.valueOf(e.getMessage()), e);
        }
    }

    private static void requireFit(
            GraphInterface graph, Target target, ModelFiles files, LoadOptions load) {
        VocabularyCheck.require(files.checkpoint(), graph.vocabulary());
        int context = graph.context().orElse(Integer.MAX_VALUE);
        if (load.contextTokens() > context) {
            throw new EngineException(
                    Kind.BAD_OPTION,
                    "a context of %d tokens is more than the %d that %s was made for; ask for less"
                            .formatted(load.contextTokens(), context, files.weights()));
        }
        if (!target.onGpu()) {
            // The weights are there by now.
            double cache = (double) graph.bytesPerToken() * load.contextTokens() * load.slots();
            MainMemory.require(0, cache, load.slots(), load.contextTokens());
        }
        long row = graph.bytesPerToken() / (2L * graph.layers()) * load.contextTokens();
        if (graph.sharesBuffers()
                && target.binding() == GpuOptions.Binding.JAVA
                && row > Integer.MAX_VALUE) {
            throw new EngineException(
                    Kind.OUT_OF_MEMORY,
                    "the keys of one layer and slot need %d bytes, a buffer holds %d; ask for a"
                                    .formatted(row, Integer.MAX_VALUE)
                            + " shorter context or take option binding=io");
        }
    }

    private static Sequences sequences(OrtModel model, LoadOptions load) {
        GraphInterface graph = model.graph();
        Optional<NativeSession> bound = model.bound();
        int slots = load.slots();
        try {
            if (graph.sharesBuffers()) {
                RowMemory memory =
                        bound.isPresent() ? new BoundRows(graph, bound.get()) : new JavaRows(model);
                return new SharedSequences(graph, memory, slots, load.contextTokens());
            }
            return bound.isPresent()
                    ? new BoundChain(graph, bound.get(), slots)
                    : new ChainedSequences(model, slots);
        } catch (OrtException e) {
            throw OrtFailures.of(
                    Kind.INTERNAL,
                    "cannot allocate the KV cache of %d slots of %d tokens"
                            .formatted(slots, load.contextTokens()),
                    e);
        } catch (OutOfMemoryError e) {
            throw new EngineException(
                    Kind.OUT_OF_MEMORY,
                    "the KV cache of %d slots of %d tokens cannot be allocated; ask for less"
                            .formatted(slots, load.contextTokens()),
                    e);
        }
    }

    private TokenModelShape shape(ModelReport report, Sequences sequences, LoadOptions load) {
        return new TokenModelShape(
                report.model().graph().vocabulary(),
                load.contextTokens(),
                load.slots(),
                Math.min(options.chunk(), load.contextTokens()),
                sequences.cacheBytes(),
                report.facts());
    }

    @Override
    public void close() {}
}
