package io.rackmark.engine.pytorch;

import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.Fact;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.ComputeThreads;
import io.rackmark.engine.decoder.Decoder;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.engine.decoder.TokenModelShape;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.torchscript.ProgramSpec;
import java.util.ArrayList;
import java.util.List;

/** The loaded library with the options of one run; holds no memory of its own. */
final class PyTorchEngine implements Engine {
    private final LibTorch library;
    private final PyTorchOptions options;

    PyTorchEngine(LibTorch library, PyTorchOptions options) {
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
        requireCpu(load.device());
        requireForm(files);
        requireInstructions(files.precision());
        int threads = load.threads() > 0 ? load.threads() : ComputeThreads.byDefault();
        TorchTokenModel.ready(threads);
        return Failures.guard(
                "loading " + files.weights(),
                () -> {
                    ModelConfig config = Checkpoint.readConfig(files.checkpoint());
                    NetworkShape shape =
                            new NetworkShape(
                                    config,
                                    load.slots(),
                                    load.contextTokens(),
                                    files.precision(),
                                    options.linear());
                    Network network = network(files, shape);
                    return new TorchTokenModel(network, modelShape(shape, threads), threads);
                });
    }

    private Network network(ModelFiles files, NetworkShape shape) {
        NetworkLoader loader = new NetworkLoader(library, shape);
        CheckpointWeights weights = Checkpoint.openWeights(files.checkpoint(), files.weights());
        if (options.archive()) {
            try (weights) {
                ArchiveCache cache = new ArchiveCache(NativePackage.cache().resolve("torchscript"));
                return loader.script(cache.archive(files, shape, weights));
            }
        }
        return switch (options.mode()) {
            case EAGER -> loader.eager(weights);
            case TORCHSCRIPT -> loader.script(weights);
        };
    }

    private void requireForm(ModelFiles files) {
        if (files.format() != ModelFormat.SAFETENSORS) {
            throw new EngineException(
                    Kind.BAD_MODEL,
                    "PyTorch loads safetensors, %s is %s; name the checkpoint it was made from"
                            .formatted(files.weights(), files.format()));
        }
        boolean eager = options.mode() == PyTorchOptions.Mode.EAGER;
        boolean known =
                files.precision() == Precision.F32
                        || (files.precision() == Precision.BF16 && !eager);
        if (!known) {
            throw PyTorchOptions.bad(
                    "precision %s is not computed in mode '%s'; allowed are %s"
                            .formatted(
                                    files.precision().label(),
                                    PyTorchOptions.label(options.mode()),
                                    eager ? "f32" : "f32, bf16"));
        }
    }

    /** As {@code mkldnn_bf16_device_check} of libtorch, which would refuse in the middle. */
    private void requireInstructions(Precision precision) {
        if (precision == Precision.BF16
                && options.linear() == ProgramSpec.Linear.ONEDNN
                && !CpuFlags.current().lets16BitIntoOneDnn()) {
            throw PyTorchOptions.bad(
                    "linear 'onednn' takes bf16 on CPUs with AVX-512 only, and this one has none;"
                            + " take linear 'stock' or precision f32");
        }
    }

    /** Why no other device can be named. */
    static final String CPU_ONLY =
            "the shipped libtorch is built for the CPU alone; take --device cpu, or an engine that"
                    + " has a library for that device (rackmark engines lists them)";

    private void requireCpu(String device) {
        if (!device.equals("cpu")) {
            throw new EngineException(
                    Kind.UNAVAILABLE,
                    "PyTorch cannot compute on device '%s' with %s: %s"
                            .formatted(device, library.directory(), CPU_ONLY));
        }
    }

    private TokenModelShape modelShape(NetworkShape shape, int threads) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("threads", String.valueOf(threads)));
        facts.add(new Fact("mode", PyTorchOptions.label(options.mode())));
        facts.add(new Fact("linear", PyTorchOptions.label(options.linear())));
        facts.add(new Fact("products", products(shape)));
        facts.add(new Fact("batch", String.valueOf(options.batch())));
        facts.add(new Fact("archive", String.valueOf(options.archive())));
        facts.add(new Fact("profiling-executor", "off"));
        return new TokenModelShape(
                shape.config().vocabulary(),
                shape.tokens(),
                shape.slots(),
                Math.min(options.batch(), shape.tokens()),
                shape.cacheBytes(),
                facts);
    }

    /** Which library multiplies matrices; the tests of this module listen to the libraries. */
    private String products(NetworkShape shape) {
        if (options.linear() == ProgramSpec.Linear.ONEDNN) {
            return "onednn";
        }
        return shape.bfloat16() ? "chosen by libtorch" : library.blas();
    }

    @Override
    public void close() {}
}
