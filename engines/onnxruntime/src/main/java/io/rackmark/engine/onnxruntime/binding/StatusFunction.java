package io.rackmark.engine.onnxruntime.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;

import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/** A function of pointers that answers with a status. */
final class StatusFunction {
    private final MethodHandle handle;
    private final Statuses statuses;

    /**
     * @param parameters how many pointers it takes
     */
    StatusFunction(FunctionTable table, Statuses statuses, int index, int parameters) {
        MemoryLayout[] types = new MemoryLayout[parameters];
        Arrays.fill(types, ADDRESS);
        handle = table.handle(index, FunctionDescriptor.of(ADDRESS, types));
        this.statuses = statuses;
    }

    void call(MemorySegment a) throws OrtException {
        MemorySegment status;
        try {
            status = (MemorySegment) handle.invokeExact(a);
        } catch (Throwable e) {
            throw Statuses.unexpected(e);
        }
        statuses.check(status);
    }

    void call(MemorySegment a, MemorySegment b) throws OrtException {
        MemorySegment status;
        try {
            status = (MemorySegment) handle.invokeExact(a, b);
        } catch (Throwable e) {
            throw Statuses.unexpected(e);
        }
        statuses.check(status);
    }

    void call(MemorySegment a, MemorySegment b, MemorySegment c) throws OrtException {
        MemorySegment status;
        try {
            status = (MemorySegment) handle.invokeExact(a, b, c);
        } catch (Throwable e) {
            throw Statuses.unexpected(e);
        }
        statuses.check(status);
    }

    void call(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment d)
            throws OrtException {
        MemorySegment status;
        try {
            status = (MemorySegment) handle.invokeExact(a, b, c, d);
        } catch (Throwable e) {
            throw Statuses.unexpected(e);
        }
        statuses.check(status);
    }

    /** The pointer that a function of one parameter writes to where it points. */
    MemorySegment out() throws OrtException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            call(result);
            return result.get(ADDRESS, 0);
        }
    }

    /** The pointer written by a function of two parameters. */
    MemorySegment out(MemorySegment a) throws OrtException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            call(a, result);
            return result.get(ADDRESS, 0);
        }
    }

    /** The pointer written by a function of three parameters. */
    MemorySegment out(MemorySegment a, MemorySegment b) throws OrtException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            call(a, b, result);
            return result.get(ADDRESS, 0);
        }
    }
}
