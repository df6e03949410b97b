package io.rackmark.engine.pytorch;

import io.rackmark.engine.Precision;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.torchscript.ProgramSpec;
import io.rackmark.model.torchscript.ProgramSpec.Linear;

/**
 * What is to be computed.
 *
 * @param slots sequences held at a time
 * @param tokens most in one slot
 * @param precision of weights, cache and arithmetic: F32 or BF16
 * @param linear which matrix product
 */
record NetworkShape(ModelConfig config, int slots, int tokens, Precision precision, Linear linear) {

    ProgramSpec program() {
        return new ProgramSpec(
                bfloat16() ? ProgramSpec.Type.BFLOAT16 : ProgramSpec.Type.FLOAT32, linear);
    }

    boolean bfloat16() {
        return precision == Precision.BF16;
    }

    /** Keys and values of all slots. */
    long cacheBytes() {
        long elements = 2L * config.layers() * slots * tokens * config.keyValueWidth();
        return elements * (bfloat16() ? Short.BYTES : Float.BYTES);
    }

    /** One of the two rotary tables, in float32. */
    long tableBytes() {
        return (long) tokens * config.headDim() * Float.BYTES;
    }

    /** Shape of one layer's keys and of its values. */
    long[] cacheShape() {
        return new long[] {slots, config.kvHeads(), tokens, config.headDim()};
    }
}
