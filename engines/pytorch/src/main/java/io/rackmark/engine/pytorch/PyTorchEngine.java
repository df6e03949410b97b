package io.rackmark.engine.pytorch;

import ai.djl.Device;
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
        Device device = TorchDevices.require(library, load.device());
        requireForm(files);
        requireComputable(files.precision(), device);
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
                    Network network = network(files, shape, device);
                    return new TorchTokenModel(
                            network, modelShape(shape, device, threads), threads);
                });
    }

    private Network network(ModelFiles files, NetworkShape shape, Device device) {
        NetworkLoader loader = new NetworkLoader(library, shape, device);
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
        List<Precision> taken = eager ? List.of(Precision.F32) : PyTorchProvider.PRECISIONS;
        if (!taken.contains(files.precision())) {
            throw PyTorchOptions.bad(
                    "precision %s is not computed in mode '%s'; allowed are %s"
                            .formatted(
                                    files.precision().label(),
                                    PyTorchOptions.label(options.mode()),
                                    String.join(
                                            ", ", taken.stream().map(Precision::label).toList())));
        }
    }

    /** As {@code mkldnn_bf16_device_check} of libtorch, which would refuse in the middle. */
    private void requireComputable(Precision precision, Device device) {
        boolean oneDnn = options.linear() == ProgramSpec.Linear.ONEDNN;
        if (device.isGpu()
                && (oneDnn || options.archive() || options.mode() == PyTorchOptions.Mode.EAGER)) {
            throw PyTorchOptions.bad(
                    "linear 'onednn', archive and mode 'eager' are of the CPU; leave them out, or"
                            + " take --device cpu");
        }
        if (oneDnn && precision == Precision.F16) {
            throw PyTorchOptions.bad(
                    "linear 'onednn' takes f32 and bf16, not f16; take linear 'stock'");
        }
        if (oneDnn && precision == Precision.BF16 && !CpuFlags.current().lets16BitIntoOneDnn()) {
            throw PyTorchOptions.bad(
                    "linear 'onednn' takes bf16 on CPUs with AVX-512 only, and this one has none;"
                            + " take linear 'stock' or precision f32");
        }
    }

    private TokenModelShape modelShape(NetworkShape shape, Device device, int threads) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("device", TorchDevices.id(device)));
        facts.add(new Fact("threads", String.valueOf(threads)));
        facts.add(new Fact("mode", PyTorchOptions.label(options.mode())));
        facts.add(new Fact("linear", PyTorchOptions.label(options.linear())));
        facts.add(new Fact("products", products(shape, device)));
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
    private String products(NetworkShape shape, Device device) {
        if (device.isGpu()) {
            return "cublas";
        }
        if (options.linear() == ProgramSpec.Linear.ONEDNN) {
            return "onednn";
        }
        return shape.half() ? "chosen by libtorch" : library.blas();
    }

    @Override
    public void close() {}
}
