package io.rackmark.engine.decoder;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Device;
import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineDescription;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.EngineProvider;
import io.rackmark.engine.Fact;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;

/** An engine of {@link HashModel}s; its weights are the tokenizer, whose size it checks. */
public final class HashEngine implements EngineProvider {

    static ModelFiles files() {
        return new ModelFiles(
                "hash",
                Embedded.checkpoint(),
                Embedded.checkpoint().resolve("tokenizer.json"),
                ModelFormat.SAFETENSORS,
                Precision.F32);
    }

    @Override
    public EngineDescription describe() {
        return new EngineDescription(
                "hash",
                "Hash",
                "Chooses tokens by a hash of the sequence; for tests of the decoder.",
                Set.of(ModelFormat.SAFETENSORS),
                List.of(Precision.F32),
                List.of(Precision.F32),
                List.of());
    }

    @Override
    public Availability probe(OptionValues options) {
        return new Availability.Available(
                "1", List.of(new Device("cpu", "CPU")), List.of(new Fact("version", "1")));
    }

    @Override
    public Engine open(OptionValues options) {
        return new Opened();
    }

    private static final class Opened implements Engine {
        @Override
        public List<Fact> facts() {
            return List.of();
        }

        @Override
        public LoadedModel load(ModelFiles files, LoadOptions options) {
            try {
                if (Files.size(files.weights()) != Files.size(files().weights())) {
                    throw new EngineException(Kind.BAD_MODEL, files.weights() + " is cut off");
                }
            } catch (IOException e) {
                throw new EngineException(Kind.BAD_MODEL, files.weights() + " is not there", e);
            }
            return Decoder.open(new HashModel(options.contextTokens(), options.slots(), 32), files);
        }

        @Override
        public void close() {}
    }
}
