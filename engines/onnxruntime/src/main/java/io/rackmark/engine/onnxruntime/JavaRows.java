package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Main memory, and runs by the Java API. */
final class JavaRows implements RowMemory {
    private static final long ALIGNMENT = 64;

    private final OrtModel model;
    private final Arena arena = Arena.ofShared();

    JavaRows(OrtModel model) {
        this.model = model;
    }

    @Override
    public MemorySegment allocate(long bytes) {
        return arena.allocate(bytes, ALIGNMENT);
    }

    @Override
    public Window window(Window.Rows rows, Window.Memory memory) throws OrtException {
        return new JavaWindow(model, rows, memory);
    }

    /** What a Java buffer holds. */
    @Override
    public long mostTensorBytes() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void close() {
        arena.close();
    }
}
