package io.rackmark.engine.onnxruntime.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import ai.onnxruntime.OrtException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Turns an {@code OrtStatus*} into an exception and frees it. */
final class Statuses {
    private static final int GET_ERROR_CODE = 1;
    private static final int GET_ERROR_MESSAGE = 2;
    private static final int RELEASE_STATUS = 93;
    private static final long MOST_MESSAGE_BYTES = 1 << 16;

    private final MethodHandle code;
    private final MethodHandle message;
    private final MethodHandle release;

    Statuses(FunctionTable table) {
        code = table.handle(GET_ERROR_CODE, FunctionDescriptor.of(JAVA_INT, ADDRESS));
        message = table.handle(GET_ERROR_MESSAGE, FunctionDescriptor.of(ADDRESS, ADDRESS));
        release = table.handle(RELEASE_STATUS, FunctionDescriptor.ofVoid(ADDRESS));
    }

    /**
     * Returns when all is well.
     *
     * @param status {@code OrtStatus*}, NULL for success
     */
    void check(MemorySegment status) throws OrtException {
        if (status.address() != 0) {
            throw exception(status);
        }
    }

    private OrtException exception(MemorySegment status) {
        try {
            int number = (int) code.invokeExact(status);
            MemorySegment text = (MemorySegment) message.invokeExact(status);
            String words = text.reinterpret(MOST_MESSAGE_BYTES).getString(0);
            release.invokeExact(status);
            return new OrtException(number, words);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** What a downcall throws beside our own exceptions. */
    static RuntimeException unexpected(Throwable e) {
        if (e instanceof RuntimeException runtime) {
            return runtime;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a native call failed: " + e, e);
    }
}
