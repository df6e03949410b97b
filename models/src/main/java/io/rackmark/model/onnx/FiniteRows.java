package io.rackmark.model.onnx;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.safetensors.SafetensorsTensor;

/** Rows of a checkpoint's tensor, each value checked. */
final class FiniteRows {
    private FiniteRows() {}

    /**
     * Reads one row.
     *
     * @param largest magnitude that the target can hold
     * @throws ModelException when a value is NaN or beyond it
     */
    static void read(SafetensorsTensor source, long row, float[] target, float largest) {
        source.read(row * target.length, target.length, target);
        for (float value : target) {
            // Written so that NaN fails too.
            if (!(Math.abs(value) <= largest)) {
                throw new ModelException(
                        Kind.DAMAGED,
                        "tensor %s holds %s in row %d, the largest possible is %s"
                                .formatted(source.name(), value, row, largest));
            }
        }
    }
}
