package io.rackmark.engine.onnxruntime.binding;

import java.lang.foreign.MemorySegment;

/** An {@code OrtValue} of ours. */
public final class NativeValue implements AutoCloseable {
    private final OrtApi api;
    private final MemorySegment handle;
    private boolean closed;

    NativeValue(OrtApi api, MemorySegment handle) {
        this.api = api;
        this.handle = handle;
    }

    MemorySegment handle() {
        if (closed) {
            throw new IllegalStateException("the value is closed");
        }
        return handle;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            api.releaseValue(handle);
        }
    }
}
