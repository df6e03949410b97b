package io.rackmark.engine.decoder;

import io.rackmark.engine.EngineProvider;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.testkit.EngineContract;

/** The contract on the decoder itself, without an engine's mathematics. */
final class DecoderContractTest implements EngineContract {

    @Override
    public EngineProvider provider() {
        return new HashEngine();
    }

    @Override
    public ModelFiles modelFiles() {
        return HashEngine.files();
    }
}
