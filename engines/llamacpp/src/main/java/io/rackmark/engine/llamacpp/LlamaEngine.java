package io.rackmark.engine.llamacpp;

import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.Fact;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.decoder.ComputeThreads;
import io.rackmark.engine.decoder.Decoder;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.engine.decoder.TokenModelShape;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The opened library; holds no memory of its own. */
final class LlamaEngine implements Engine {
    /** Tensor types that exist for converters only and that no matrix product takes. */
    private static final int FIRST_INTEGER_TYPE = 24;

    private static final int LAST_INTEGER_TYPE = 28;

    private final LlamaLibrary library;
    private final LlamaCppOptions options;

    LlamaEngine(LlamaLibrary library, LlamaCppOptions options) {
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
        if (files.format() != ModelFormat.GGUF) {
            throw new EngineException(
                    EngineException.Kind.BAD_MODEL,
                    "llama.cpp loads GGUF, %s is %s; convert it with rackmark models convert"
                            .formatted(files.weights(), files.format()));
        }
        Optional<LlamaLibrary.Gpu> gpu = library.gpu(load.device());
        if (gpu.isEmpty() && options.gpuLayersGiven()) {
            throw new EngineException(
                    EngineException.Kind.BAD_OPTION,
                    "engine llamacpp: option 'gpu-layers' needs a GPU, the device is cpu; name one"
                            + " with --device (this library computes on: %s)"
                                    .formatted(deviceIds()));
        }
        GgufCheck.check(files.weights(), this::rowBytes);
        NativeModel.Settings settings = settings(files, load, gpu);
        NativeModel model = NativeModel.load(library, settings);
        return new LlamaTokenModel(library, model, shape(model, settings), settings.batch());
    }

    private String deviceIds() {
        return String.join(", ", library.devices().stream().map(device -> device.id()).toList());
    }

    private NativeModel.Settings settings(
            ModelFiles files, LoadOptions load, Optional<LlamaLibrary.Gpu> gpu) {
        long cells = (long) load.contextTokens() * load.slots();
        if (cells > Integer.MAX_VALUE / 2) {
            throw new EngineException(
                    EngineException.Kind.OUT_OF_MEMORY,
                    "%d slots of %d tokens are more than llama.cpp can count; ask for less"
                            .formatted(load.slots(), load.contextTokens()));
        }
        boolean kvFloats = options.kvType().floats(files.precision());
        // llama.cpp cuts n_batch to the context, and then ends the process on larger batches.
        int batch = Math.max(load.slots(), (int) Math.min(options.ubatch(), cells));
        return new NativeModel.Settings(
                files.weights(),
                gpu,
                gpu.isPresent() ? options.gpuLayers() : 0,
                options.mmap(),
                kvFloats,
                options.flashAttention().with(kvFloats),
                load.contextTokens(),
                load.slots(),
                batch,
                load.threads() > 0 ? load.threads() : ComputeThreads.byDefault());
    }

    private TokenModelShape shape(NativeModel model, NativeModel.Settings settings) {
        return new TokenModelShape(
                model.vocabulary(),
                settings.contextTokens(),
                settings.slots(),
                Math.min(options.batch(), settings.contextTokens()),
                model.kvCacheBytes(),
                List.of(
                        new Fact("threads", String.valueOf(settings.threads())),
                        new Fact("n-batch", String.valueOf(settings.batch())),
                        new Fact("n-ubatch", String.valueOf(settings.batch())),
                        new Fact("mmap", String.valueOf(settings.mmap())),
                        new Fact("kv-type", settings.kvFloats() ? "f32" : "f16"),
                        new Fact(
                                "flash-attention",
                                settings.flashAttention().name().toLowerCase(Locale.ROOT)),
                        new Fact("gpu-layers", String.valueOf(settings.gpuLayers())),
                        new Fact("model-bytes", String.valueOf(model.modelBytes())),
                        new Fact("trained-context", String.valueOf(model.trainedContext()))));
    }

    private @Nullable Long rowBytes(long type, long rowElements) {
        boolean usable =
                type < library.abi().tensorTypes()
                        && (type < FIRST_INTEGER_TYPE || type > LAST_INTEGER_TYPE);
        if (!usable) {
            return null;
        }
        long block = library.functions().typeBlock.toLong((int) type);
        return block == 0 || rowElements % block != 0
                ? null
                : (Long) (rowElements / block * library.functions().typeSize.toLong((int) type));
    }

    @Override
    public void close() {}
}
