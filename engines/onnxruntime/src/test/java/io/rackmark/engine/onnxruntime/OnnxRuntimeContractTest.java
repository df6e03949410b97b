package io.rackmark.engine.onnxruntime;

import io.rackmark.engine.EngineProvider;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.Precision;
import io.rackmark.engine.testkit.EngineContract;
import io.rackmark.model.Checkpoint;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The embedded model, converted to ONNX, does what every engine must do. */
class OnnxRuntimeContractTest implements EngineContract {
    @TempDir static Path cache;
    private static ModelFiles files;

    @BeforeAll
    static void convert() {
        Path source = Path.of(System.getProperty("rackmark.source"));
        Checkpoint checkpoint = Checkpoint.read(source.resolve("models/embedded/rackmark-sql-7m"));
        files = Models.convert(checkpoint, Precision.INT8, cache);
    }

    @Override
    public EngineProvider provider() {
        return new OnnxRuntimeProvider();
    }

    @Override
    public ModelFiles modelFiles() {
        return files;
    }
}
