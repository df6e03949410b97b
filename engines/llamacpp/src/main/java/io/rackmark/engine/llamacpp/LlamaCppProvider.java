package io.rackmark.engine.llamacpp;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineDescription;
import io.rackmark.engine.EngineProvider;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.Decoder;
import java.util.List;
import java.util.Set;

/** Finds out whether a library of llama.cpp can be used here, and opens it. */
public final class LlamaCppProvider implements EngineProvider {

    private static final EngineDescription DESCRIPTION =
            new EngineDescription(
                    "llamacpp",
                    "llama.cpp",
                    "llama.cpp in this process, by its C API ("
                            + LlamaAbi.supportedTags()
                            + "). The shipped library computes on the CPU with AVX2; one built by"
                            + " tools/llama-native/build.sh uses this CPU's own instructions or a"
                            + " GPU and is named by --llama-lib.",
                    Set.of(ModelFormat.GGUF),
                    List.of(
                            Precision.F16,
                            Precision.F32,
                            Precision.BF16,
                            Precision.Q8_0,
                            Precision.Q4_0,
                            Precision.Q4_K_M),
                    List.of(Precision.F16, Precision.Q8_0, Precision.Q4_0),
                    LlamaCppOptions.SPECS);

    @Override
    public EngineDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public Availability probe(OptionValues options) {
        try {
            LlamaLibrary library = load(LlamaCppOptions.of(options));
            return new Availability.Available(
                    library.version(), library.devices(), library.probeFacts());
        } catch (UnusableLibraryException e) {
            return e.unavailable();
        }
    }

    @Override
    public Engine open(OptionValues values) {
        LlamaCppOptions options = LlamaCppOptions.of(values);
        Decoder.prepare();
        try {
            return new LlamaEngine(load(options), options);
        } catch (UnusableLibraryException e) {
            throw e.asEngineException();
        }
    }

    private static LlamaLibrary load(LlamaCppOptions options) {
        return LlamaLibrary.load(LibraryFiles.locate(options.lib()));
    }
}
