package io.rackmark.engine.onnxruntime;

import java.util.Map;

/** The same contract with inputs and outputs bound through the C API, as on a GPU. */
class BoundContractTest extends OnnxRuntimeContractTest {

    @Override
    public Map<String, String> options() {
        return Map.of("binding", "io");
    }
}
