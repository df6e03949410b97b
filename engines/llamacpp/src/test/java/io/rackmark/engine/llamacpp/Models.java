package io.rackmark.engine.llamacpp;

import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Opens models in tests. */
final class Models {
    static final BooleanSupplier NEVER = () -> false;

    private Models() {}

    static LlamaEngine engine(Map<String, String> options) {
        LlamaCppProvider provider = new LlamaCppProvider();
        return (LlamaEngine) provider.open(OptionValues.parse(provider.describe(), options));
    }

    static ModelFiles files(Path gguf) {
        return new ModelFiles(
                gguf.getFileName().toString(),
                gguf.resolveSibling("."),
                gguf,
                ModelFormat.GGUF,
                Precision.F32);
    }

    static TokenModel open(Path gguf, int contextTokens, int slots, Map<String, String> options) {
        return engine(options)
                .openTokenModel(files(gguf), new LoadOptions(contextTokens, slots, 1, "cpu"));
    }

    static TokenModel open(Path gguf, int contextTokens, int slots) {
        return open(gguf, contextTokens, slots, Map.of());
    }
}
