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
 * @param precision of weights, cache and arithmetic: F32, BF16 or F16
 * @param linear which matrix product
 */
record NetworkShape(ModelConfig config, int slots, int tokens, Precision precision, Linear linear) {

    ProgramSpec program() {
        return new ProgramSpec(
                switch (precision) {
                    case F32 -> ProgramSpec.Type.FLOAT32;
                    case BF16 -> ProgramSpec.Type.BFLOAT16;
                    case F16 -> ProgramSpec.Type.FLOAT16;
                    case Q8_0, Q4_0, Q4_K_M, INT8, INT4 ->
                            throw new IllegalArgumentException("no program in " + precision);
                },
                linear);
    }

    /** Whether elements take 16 bits. */
    boolean half() {
        return precision != Precision.F32;
    }

    /** Bytes of one element. */
    int width() {
        return half() ? Short.BYTES : Float.BYTES;
    }

    /** Keys and values of all slots. */
    long cacheBytes() {
        long elements = 2L * config.layers() * slots * tokens * config.keyValueWidth();
        return elements * width();
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
