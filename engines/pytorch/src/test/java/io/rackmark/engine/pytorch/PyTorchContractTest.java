package io.rackmark.engine.pytorch;

import io.rackmark.engine.EngineProvider;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.Precision;
import io.rackmark.engine.testkit.EngineContract;
import io.rackmark.model.convert.ConversionCache;

/** The embedded model, over its own safetensors, does what every engine must do. */
class PyTorchContractTest implements EngineContract {

    @Override
    public EngineProvider provider() {
        return new PyTorchProvider();
    }

    @Override
    public ModelFiles modelFiles() {
        return ConversionCache.safetensors(EmbeddedModel.checkpoint(), Precision.F32);
    }
}
