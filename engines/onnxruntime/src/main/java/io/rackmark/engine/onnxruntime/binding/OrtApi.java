package io.rackmark.engine.onnxruntime.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The functions of {@code onnxruntime_c_api.h}, version 29, that binding needs; the number of each
 * is its place in {@code struct OrtApi}. One per process is enough; holds no native memory.
 */
public final class OrtApi {
    private static final int DEVICE_ALLOCATOR = 0; // OrtAllocatorType
    private static final int MEM_TYPE_DEFAULT = 0; // OrtMemType

    private final FunctionTable table;
    private final Statuses statuses;
    private final MethodHandle createMemoryInfo;
    private final MethodHandle createTensor;
    private final MethodHandle createTensorWithData;
    private final MethodHandle allocatorAlloc;
    final StatusFunction sessionGetInputCount;
    final StatusFunction allocatorFree;
    final StatusFunction getAllocatorWithDefaultOptions;
    final StatusFunction createAllocator;
    final StatusFunction runWithBinding;
    final StatusFunction createIoBinding;
    final StatusFunction bindInput;
    final StatusFunction bindOutput;
    final StatusFunction bindOutputToDevice;
    final StatusFunction getBoundOutputValues;
    final StatusFunction synchronizeBoundOutputs;
    final StatusFunction getEpGraphAssignmentInfo;
    final StatusFunction subgraphGetEpName;
    final StatusFunction subgraphGetNodes;
    final StatusFunction nodeGetOperatorType;
    private final MethodHandle releaseMemoryInfo;
    private final MethodHandle releaseValue;
    private final MethodHandle releaseAllocator;
    private final MethodHandle releaseIoBinding;

    private OrtApi(FunctionTable table) {
        this.table = table;
        statuses = new Statuses(table);
        sessionGetInputCount = status(30, 2);
        createTensor =
                table.handle(
                        48,
                        FunctionDescriptor.of(
                                ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS));
        createTensorWithData =
                table.handle(
                        49,
                        FunctionDescriptor.of(
                                ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT,
                                ADDRESS));
        createMemoryInfo =
                table.handle(
                        68,
                        FunctionDescriptor.of(
                                ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
        allocatorAlloc =
                table.handle(75, FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
        allocatorFree = status(76, 2);
        getAllocatorWithDefaultOptions = status(78, 1);
        releaseMemoryInfo = release(94);
        releaseValue = release(96);
        createAllocator = status(131, 3);
        releaseAllocator = release(132);
        runWithBinding = status(133, 3);
        createIoBinding = status(134, 2);
        releaseIoBinding = release(135);
        bindInput = status(136, 3);
        bindOutput = status(137, 3);
        bindOutputToDevice = status(138, 3);
        getBoundOutputValues = status(140, 4);
        synchronizeBoundOutputs = status(203, 1);
        getEpGraphAssignmentInfo = status(407, 3);
        subgraphGetEpName = status(408, 2);
        subgraphGetNodes = status(409, 3);
        nodeGetOperatorType = status(412, 2);
    }

    /**
     * The functions of a library, which must be the one that the Java API loaded.
     *
     * @throws io.rackmark.engine.EngineException of kind {@code UNAVAILABLE} when it is of another
     *     version
     */
    public static OrtApi of(Path library) {
        return new OrtApi(FunctionTable.of(library));
    }

    /** As the library itself says, {@code 1.29.0}. */
    public String version() {
        return table.version();
    }

    private StatusFunction status(int index, int parameters) {
        return new StatusFunction(table, statuses, index, parameters);
    }

    private MethodHandle release(int index) {
        return table.handle(index, FunctionDescriptor.ofVoid(ADDRESS));
    }

    /** {@code OrtMemoryInfo*} of a device's own memory, to be released. */
    MemorySegment memoryInfo(Place place) throws OrtException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            MemorySegment name = arena.allocateFrom(place.allocator());
            check(
                    (MemorySegment)
                            createMemoryInfo.invokeExact(
                                    name,
                                    DEVICE_ALLOCATOR,
                                    place.device(),
                                    MEM_TYPE_DEFAULT,
                                    result));
            return result.get(ADDRESS, 0);
        } catch (OrtException e) {
            throw e;
        } catch (Throwable e) {
            throw Statuses.unexpected(e);
        }
    }

    /** {@code OrtValue*} with memory of its own, to be released. */
    MemorySegment tensor(MemorySegment allocator, ElementType type, long... shape)
            throws OrtException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            MemorySegment sizes = arena.allocateFrom(JAVA_LONG, shape);
            check(
                    (MemorySegment)
                            createTensor.invokeExact(
                                    allocator, sizes, (long) shape.length, type.code(), result));
            return result.get(ADDRESS, 0);
        } catch (OrtException e) {
            throw e;
        } catch (Throwable e) {
            throw Statuses.unexpected(e);
        }
    }

    /**
     * {@code OrtValue*} over memory that must outlive it, to be released.
     *
     * @param data of the device that {@code info} names
     */
    MemorySegment tensor(MemorySegment info, MemorySegment data, ElementType type, long... shape)
            throws OrtException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            MemorySegment sizes =
                    shape.length == 0 ? MemorySegment.NULL : arena.allocateFrom(JAVA_LONG, shape);
            check(
                    (MemorySegment)
                            createTensorWithData.invokeExact(
                                    info,
                                    data,
                                    data.byteSize(),
                                    sizes,
                                    (long) shape.length,
                                    type.code(),
                                    result));
            return result.get(ADDRESS, 0);
        } catch (OrtException e) {
            throw e;
        } catch (Throwable e) {
            throw Statuses.unexpected(e);
        }
    }

    /** Memory of a device, as a segment that must not be touched from here, to be freed. */
    MemorySegment allocate(MemorySegment allocator, long bytes) throws OrtException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            check((MemorySegment) allocatorAlloc.invokeExact(allocator, bytes, result));
            MemorySegment memory = result.get(ADDRESS, 0);
            if (memory.address() == 0) {
                throw new OrtException("failed to allocate memory: %d bytes".formatted(bytes));
            }
            return memory.reinterpret(bytes);
        } catch (OrtException e) {
            throw e;
        } catch (Throwable e) {
            throw Statuses.unexpected(e);
        }
    }

    private void check(MemorySegment status) throws OrtException {
        statuses.check(status);
    }

    void releaseMemoryInfo(MemorySegment info) {
        release(releaseMemoryInfo, info);
    }

    void releaseValue(MemorySegment value) {
        release(releaseValue, value);
    }

    void releaseAllocator(MemorySegment allocator) {
        release(releaseAllocator, allocator);
    }

    void releaseIoBinding(MemorySegment binding) {
        release(releaseIoBinding, binding);
    }

    private static void release(MethodHandle function, MemorySegment object) {
        try {
            function.invokeExact(object);
        } catch (Throwable e) {
            throw Statuses.unexpected(e);
        }
    }
}
