package io.rackmark.engine.onnxruntime;

import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.convert.ConversionCache;
import io.rackmark.model.convert.ConversionProgress;
import io.rackmark.model.onnx.GraphForm;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Converts and opens models in tests. */
final class Models {
    static final BooleanSupplier NEVER = () -> false;

    private Models() {}

    static ModelFiles convert(Checkpoint checkpoint, Precision precision, Path cache) {
        return new ConversionCache(cache)
                .onnx(
                        checkpoint,
                        precision,
                        ConversionCache.Reuse.CHECK_STAMP,
                        ConversionProgress.NONE);
    }

    static OnnxRuntimeOptions options(Map<String, String> given) {
        return OnnxRuntimeOptions.of(
                OptionValues.parse(new OnnxRuntimeProvider().describe(), given));
    }

    static OnnxRuntimeEngine engine(Map<String, String> options) {
        OnnxRuntimeProvider provider = new OnnxRuntimeProvider();
        return (OnnxRuntimeEngine) provider.open(OptionValues.parse(provider.describe(), options));
    }

    static TokenModel open(ModelFiles files, LoadOptions load, Map<String, String> options) {
        return engine(options).openTokenModel(files, load);
    }

    static TokenModel open(ModelFiles files, int contextTokens, int slots) {
        return open(files, new LoadOptions(contextTokens, slots, 1, "cpu"), Map.of());
    }

    static TokenModel open(ModelFiles files, GraphForm form, int slots, String... options) {
        Map<String, String> all = new HashMap<>(Map.of("graph", form.label()));
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        return open(files, new LoadOptions(64, slots, 1, "cpu"), all);
    }
}
