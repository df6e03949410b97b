package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtException;
import io.rackmark.engine.onnxruntime.binding.NativeSession;
import java.lang.foreign.MemorySegment;

/** Memory of the device that the session computes on, and runs with everything bound. */
final class BoundRows implements RowMemory {
    private final GraphInterface graph;
    private final NativeSession session;

    BoundRows(GraphInterface graph, NativeSession session) {
        this.graph = graph;
        this.session = session;
    }

    @Override
    public MemorySegment allocate(long bytes) throws OrtException {
        return session.allocate(bytes);
    }

    @Override
    public Window window(Window.Rows rows, Window.Memory memory) throws OrtException {
        return new BoundWindow(graph, session, rows, memory);
    }

    @Override
    public long mostTensorBytes() {
        return Long.MAX_VALUE;
    }

    /** The session frees what it gave away. */
    @Override
    public void close() {}
}
