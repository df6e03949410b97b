package io.rackmark.engine.llamacpp;

import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.engine.testkit.Requirements;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Opens models in tests.
 *
 * @param lib the library to open them with; nothing for the shipped one
 */
record Models(Optional<Path> lib) {
    static final BooleanSupplier NEVER = () -> false;
    static final Models SHIPPED = new Models(Optional.empty());

    static Models recent() {
        return new Models(Optional.of(Requirements.recentLlamaLib()));
    }

    /** Engine options: the library's and some more. */
    Map<String, String> options(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        lib.ifPresent(path -> all.put("lib", path.toString()));
        return all;
    }

    LlamaEngine engine(Map<String, String> options) {
        LlamaCppProvider provider = new LlamaCppProvider();
        return (LlamaEngine)
                provider.open(OptionValues.parse(provider.describe(), options(options)));
    }

    static ModelFiles files(Path gguf) {
        return new ModelFiles(
                gguf.getFileName().toString(),
                gguf.resolveSibling("."),
                gguf,
                ModelFormat.GGUF,
                Precision.F32);
    }

    TokenModel open(Path gguf, int contextTokens, int slots, Map<String, String> options) {
        return engine(options)
                .openTokenModel(files(gguf), new LoadOptions(contextTokens, slots, 1, "cpu"));
    }

    TokenModel open(Path gguf, int contextTokens, int slots) {
        return open(gguf, contextTokens, slots, Map.of());
    }
}
