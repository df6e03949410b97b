package io.rackmark.engine.llamacpp;

import io.rackmark.engine.EngineProvider;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.Precision;
import io.rackmark.engine.testkit.EngineContract;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.convert.ConversionCache;
import io.rackmark.model.convert.ConversionProgress;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The embedded model, converted to GGUF, does what every engine must do. */
class LlamaCppContractTest implements EngineContract {
    @TempDir static Path cache;
    private static ModelFiles files;

    @BeforeAll
    static void convert() {
        Path source = Path.of(System.getProperty("rackmark.source"));
        Checkpoint checkpoint = Checkpoint.read(source.resolve("models/embedded/rackmark-sql-7m"));
        files =
                new ConversionCache(cache)
                        .gguf(
                                checkpoint,
                                Precision.F16,
                                ConversionCache.Reuse.CHECK_STAMP,
                                ConversionProgress.NONE);
    }

    @Override
    public EngineProvider provider() {
        return new LlamaCppProvider();
    }

    @Override
    public ModelFiles modelFiles() {
        return files;
    }
}
