package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtException;
import java.lang.foreign.MemorySegment;

/** Where keys and values of the rows lie, and how the graph is run over them. */
interface RowMemory extends AutoCloseable {

    /** Memory until this is closed, for the graph alone: it may be another device's. */
    MemorySegment allocate(long bytes) throws OrtException;

    /** To be closed before this. */
    Window window(Window.Rows rows, Window.Memory memory) throws OrtException;

    /** Most bytes of one tensor. */
    long mostTensorBytes();

    @Override
    void close();
}
