package io.rackmark.engine.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A {@code ggml_abort_callback}, asked before each node of a graph that the CPU computes. */
final class AbortFlag {
    private final MemorySegment callback;
    private BooleanSupplier cancelled = () -> false;
    private @Nullable RuntimeException failure;

    /** The callback lives as long as {@code arena}. */
    AbortFlag(Arena arena) {
        try {
            MethodHandle target =
                    MethodHandles.lookup()
                            .bind(
                                    this,
                                    "abort",
                                    MethodType.methodType(boolean.class, MemorySegment.class));
            callback =
                    Linker.nativeLinker()
                            .upcallStub(
                                    target, FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS), arena);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("AbortFlag.abort", e);
        }
    }

    MemorySegment callback() {
        return callback;
    }

    void watch(BooleanSupplier supplier) {
        cancelled = supplier;
        failure = null;
    }

    /** Throws what the supplier threw while native code was asking. */
    void rethrow() {
        if (failure != null) {
            throw failure;
        }
    }

    // An exception that leaves an upcall ends the process.
    @SuppressWarnings("unused")
    private boolean abort(MemorySegment data) {
        try {
            return cancelled.getAsBoolean();
        } catch (RuntimeException e) {
            failure = e;
        } catch (Error e) {
            failure = new IllegalStateException(e);
        }
        return true;
    }
}
