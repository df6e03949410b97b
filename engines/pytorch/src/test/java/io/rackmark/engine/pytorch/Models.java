package io.rackmark.engine.pytorch;

import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Opens models in tests. */
final class Models {
    static final BooleanSupplier NEVER = () -> false;

    private Models() {}

    static PyTorchEngine engine(Map<String, String> options) {
        PyTorchProvider provider = new PyTorchProvider();
        return (PyTorchEngine) provider.open(OptionValues.parse(provider.describe(), options));
    }

    static ModelFiles files(Path directory, Precision precision) throws IOException {
        return new ModelFiles(
                directory.getFileName().toString(),
                directory,
                TinyCheckpoint.weightFile(directory),
                ModelFormat.SAFETENSORS,
                precision);
    }

    static TokenModel open(
            Path directory, Precision precision, int slots, Map<String, String> options)
            throws IOException {
        return engine(options)
                .openTokenModel(files(directory, precision), new LoadOptions(64, slots, 1, "cpu"));
    }

    static TokenModel open(Path directory) throws IOException {
        return open(directory, Precision.F32, 1, Map.of());
    }
}
