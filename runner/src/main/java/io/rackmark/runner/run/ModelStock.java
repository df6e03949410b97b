package io.rackmark.runner.run;

import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.model.Catalogue;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.FileHash;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelSource;
import io.rackmark.model.convert.ConversionCache;
import io.rackmark.model.convert.ConversionCache.Reuse;
import io.rackmark.model.convert.ConversionProgress;
import java.nio.file.Path;
import java.util.Set;

/** Models by name, in the form an engine takes; derived on first use. */
public final class ModelStock {
    private final Catalogue catalogue;
    private final ConversionCache cache;
    private final ConversionView view;

    /** Shows a conversion while it runs. */
    @FunctionalInterface
    public interface ConversionView {
        /** A listener for the conversion of this file; told nothing when the cache has it. */
        ConversionProgress begin(String what);
    }

    /**
     * A model on disk.
     *
     * @param contextTokens the model's own context
     * @param sourceSha256 of the checkpoint's weights
     * @param weightsSha256 of what the engine loads
     * @param synthetic whether the weights are random
     */
    public record Stocked(
            ModelFiles files,
            int contextTokens,
            String sourceSha256,
            String weightsSha256,
            boolean synthetic) {}

    public ModelStock(Home home, ConversionView view) {
        this.catalogue = home.catalogue();
        this.cache = new ConversionCache(home.cache());
        this.view = view;
    }

    /** The checkpoint of this name or path, read and checked. */
    public Checkpoint known(String model) {
        return switch (catalogue.resolve(model)) {
            case ModelSource.Directory directory -> directory.checkpoint();
            case ModelSource.Gguf gguf ->
                    throw new ModelException(
                            ModelException.Kind.UNSUPPORTED,
                            gguf.path()
                                    + " is a GGUF file; a run needs the checkpoint directory it was"
                                    + " made from, which also holds the tokenizer");
        };
    }

    /** The model in one of these forms. */
    public Stocked files(String model, Set<ModelFormat> formats, Precision precision) {
        Checkpoint checkpoint = known(model);
        String name = checkpoint.name();
        ModelFiles files;
        if (formats.contains(ModelFormat.GGUF)) {
            ConversionProgress progress = view.begin(name + " → GGUF " + precision.label());
            files = cache.gguf(checkpoint, precision, Reuse.CHECK_STAMP, progress);
        } else if (formats.contains(ModelFormat.ONNX)) {
            ConversionProgress progress = view.begin(name + " → ONNX " + precision.label());
            files = cache.onnx(checkpoint, precision, Reuse.CHECK_STAMP, progress);
        } else {
            files = ConversionCache.safetensors(checkpoint, precision);
        }
        String source = cache.weightsSha256(checkpoint);
        return new Stocked(
                files,
                checkpoint.config().contextTokens(),
                source,
                files.format() == ModelFormat.SAFETENSORS
                        ? source
                        : FileHash.sha256(files.weights()),
                checkpoint.synthetic());
    }

    /** The last part of a name or path, for system ids. */
    static String shortName(String model) {
        Path name = Path.of(model).getFileName();
        return name == null ? model : name.toString();
    }
}
