package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OnnxJavaType;
import io.rackmark.engine.onnxruntime.binding.ElementType;

/** Types of keys, values and logits under the C API's names. */
final class BoundTypes {
    private BoundTypes() {}

    /**
     * @param type FLOAT or FLOAT16
     */
    static ElementType of(OnnxJavaType type) {
        return type == OnnxJavaType.FLOAT16 ? ElementType.FLOAT16 : ElementType.FLOAT;
    }
}
