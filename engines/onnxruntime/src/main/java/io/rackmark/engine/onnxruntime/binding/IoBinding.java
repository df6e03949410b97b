package io.rackmark.engine.onnxruntime.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Inputs and outputs of a session's next runs. What is bound must stay until it is replaced. */
public final class IoBinding implements AutoCloseable {
    private static final int MOST_OUTPUTS = 1 << 16;

    private final OrtApi api;
    private final MemorySegment session;
    private final MemorySegment defaultAllocator;
    private final MemorySegment handle;
    private final Arena arena = Arena.ofShared();
    private final Map<String, MemorySegment> names = new HashMap<>();
    private boolean closed;

    IoBinding(OrtApi api, MemorySegment session) throws OrtException {
        this.api = api;
        this.session = session;
        defaultAllocator = api.getAllocatorWithDefaultOptions.out();
        handle = api.createIoBinding.out(session);
    }

    private MemorySegment name(String text) {
        return names.computeIfAbsent(text, arena::allocateFrom);
    }

    /** Replaces what was bound under this name. A value of another device is copied there now. */
    public void input(String name, NativeValue value) throws OrtException {
        api.bindInput.call(handle, name(name), value.handle());
    }

    /** Replaces what was bound under this name. */
    public void output(String name, NativeValue value) throws OrtException {
        api.bindOutput.call(handle, name(name), value.handle());
    }

    /** Has the output allocated there by each run. */
    void outputAt(String name, MemorySegment memoryInfo) throws OrtException {
        api.bindOutputToDevice.call(handle, name(name), memoryInfo);
    }

    /** Computes; outputs are complete when this returns. */
    public void run() throws OrtException {
        api.runWithBinding.call(session, MemorySegment.NULL, handle);
        api.synchronizeBoundOutputs.call(handle);
    }

    /**
     * What the last run gave, in the order the outputs were first bound; the caller closes them.
     */
    public List<NativeValue> outputs() throws OrtException {
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment values = temporary.allocate(ADDRESS);
            MemorySegment count = temporary.allocate(JAVA_LONG);
            api.getBoundOutputValues.call(handle, defaultAllocator, values, count);
            long length = count.get(JAVA_LONG, 0);
            if (length < 0 || length > MOST_OUTPUTS) {
                throw new OrtException("a run gave %d outputs".formatted(length));
            }
            MemorySegment array = values.get(ADDRESS, 0).reinterpret(length * ADDRESS.byteSize());
            List<NativeValue> result = new ArrayList<>();
            for (long i = 0; i < length; i++) {
                result.add(new NativeValue(api, array.getAtIndex(ADDRESS, i)));
            }
            api.allocatorFree.call(defaultAllocator, array);
            return result;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            api.releaseIoBinding(handle);
            arena.close();
        }
    }
}
