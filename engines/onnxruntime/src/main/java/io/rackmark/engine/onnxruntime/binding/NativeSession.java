package io.rackmark.engine.onnxruntime.binding;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * A session of the Java API through the C API. Closed before that session; closes all memory it
 * gave away.
 */
public final class NativeSession implements AutoCloseable {
    private final OrtApi api;
    private final MemorySegment session;
    private final MemorySegment hostInfo;
    private final MemorySegment deviceInfo;
    private final MemorySegment deviceAllocator;
    private final List<MemorySegment> allocated = new ArrayList<>();
    private boolean closed;

    private NativeSession(OrtApi api, MemorySegment session, Place place) throws OrtException {
        this.api = api;
        this.session = session;
        hostInfo = api.memoryInfo(Place.CPU);
        MemorySegment info = MemorySegment.NULL;
        try {
            info = api.memoryInfo(place);
            deviceInfo = info;
            deviceAllocator = api.createAllocator.out(session, info);
        } catch (OrtException e) {
            api.releaseMemoryInfo(info);
            api.releaseMemoryInfo(hostInfo);
            throw e;
        }
    }

    /**
     * @param place where keys and values are to lie
     * @throws OrtException when the session computes nowhere near that place
     */
    public static NativeSession of(OrtApi api, OrtSession session, Place place)
            throws OrtException {
        MemorySegment handle = MemorySegment.ofAddress(handle(session));
        requireSame(api, session, handle);
        return new NativeSession(api, handle, place);
    }

    /** {@code OrtSession*}, which the Java API keeps to itself. */
    private static long handle(OrtSession session) {
        try {
            Field field = OrtSession.class.getDeclaredField("nativeHandle");
            field.setAccessible(true);
            return field.getLong(session);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new EngineException(
                    Kind.UNAVAILABLE,
                    "the Java API of this ONNX Runtime hides its session (%s); take version %sx"
                            .formatted(e, FunctionTable.LIBRARY_VERSION),
                    e);
        }
    }

    /** Both interfaces must see the same session before anything is written through one. */
    private static void requireSame(OrtApi api, OrtSession session, MemorySegment handle)
            throws OrtException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_LONG);
            api.sessionGetInputCount.call(handle, count);
            if (count.get(JAVA_LONG, 0) != session.getNumInputs()) {
                throw new EngineException(
                        Kind.UNAVAILABLE,
                        "the two interfaces of ONNX Runtime see different sessions: %d inputs and %d"
                                .formatted(count.get(JAVA_LONG, 0), session.getNumInputs()));
            }
        }
    }

    /** A tensor over main memory that outlives it. */
    public NativeValue host(MemorySegment data, ElementType type, long... shape)
            throws OrtException {
        return new NativeValue(api, api.tensor(hostInfo, data, type, shape));
    }

    /** A tensor over memory that {@link #allocate} gave. */
    public NativeValue device(MemorySegment data, ElementType type, long... shape)
            throws OrtException {
        return new NativeValue(api, api.tensor(deviceInfo, data, type, shape));
    }

    /** A tensor without elements, in the device's memory. */
    public NativeValue empty(ElementType type, long... shape) throws OrtException {
        return new NativeValue(api, api.tensor(deviceAllocator, type, shape));
    }

    /** Memory of the device until this is closed, with an address that only the device may use. */
    public MemorySegment allocate(long bytes) throws OrtException {
        MemorySegment memory = api.allocate(deviceAllocator, bytes);
        allocated.add(memory);
        return memory;
    }

    /** A binding without inputs and outputs. */
    public IoBinding binding() throws OrtException {
        return new IoBinding(api, session);
    }

    /** Has an output allocated in the device's memory by each run. */
    public void outputOnDevice(IoBinding binding, String name) throws OrtException {
        binding.outputAt(name, deviceInfo);
    }

    /**
     * Which provider each node was given to.
     *
     * @throws OrtException unless the session was made with {@link NodePlacement#RECORD}
     */
    public NodePlacement placement() throws OrtException {
        return NodePlacement.read(api, session);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (MemorySegment memory : allocated) {
            try {
                api.allocatorFree.call(deviceAllocator, memory);
            } catch (OrtException e) {
                throw new EngineException(
                        Kind.INTERNAL, "ONNX Runtime cannot free memory: " + e.getMessage(), e);
            }
        }
        api.releaseAllocator(deviceAllocator);
        api.releaseMemoryInfo(deviceInfo);
        api.releaseMemoryInfo(hostInfo);
    }
}
