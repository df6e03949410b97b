package io.rackmark.engine.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/** Reads 32-bit and 16-bit floats. */
final class Elements {
    private Elements() {}

    /**
     * @param source [target.length]
     * @param size bytes of one element, 4 or 2
     */
    static void read(MemorySegment source, int size, float[] target) {
        if (size == Float.BYTES) {
            MemorySegment.copy(source, JAVA_FLOAT, 0, target, 0, target.length);
            return;
        }
        for (int i = 0; i < target.length; i++) {
            target[i] = Float.float16ToFloat(source.getAtIndex(JAVA_SHORT, i));
        }
    }
}
