package io.rackmark.engine.pytorch;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rackmark.model.torchscript.RotaryTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The rotary table as float32 tensors [tokens, headDim] in libtorch's own memory. */
final class RotaryTensors {
    private RotaryTensors() {}

    static PtNDArray cosines(PtNDManager manager, NetworkShape shape) {
        ByteBuffer buffer = buffer(shape);
        RotaryTable.of(shape.config()).cosines(buffer.asFloatBuffer());
        return tensor(manager, shape, buffer);
    }

    static PtNDArray sines(PtNDManager manager, NetworkShape shape) {
        ByteBuffer buffer = buffer(shape);
        RotaryTable.of(shape.config()).sines(buffer.asFloatBuffer());
        return tensor(manager, shape, buffer);
    }

    private static ByteBuffer buffer(NetworkShape shape) {
        int bytes = Math.toIntExact(shape.tableBytes());
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    private static PtNDArray tensor(PtNDManager manager, NetworkShape shape, ByteBuffer buffer) {
        Shape size = new Shape(shape.tokens(), shape.config().headDim());
        try (PtNDArray view = manager.create(buffer, size, DataType.FLOAT32)) {
            return (PtNDArray) view.duplicate();
        }
    }
}
