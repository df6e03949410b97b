package io.rackmark.engine.llamacpp;

import io.rackmark.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A function of the native library called off the measured path. */
record NativeFunction(String name, MethodHandle handle) {
    /** Longest text taken from the library, in bytes. */
    private static final long MAX_TEXT = 1 << 20;

    void run(Object... arguments) {
        invoke(arguments);
    }

    boolean toBoolean(Object... arguments) {
        return (boolean) value(arguments);
    }

    int toInt(Object... arguments) {
        return (int) value(arguments);
    }

    long toLong(Object... arguments) {
        return (long) value(arguments);
    }

    MemorySegment toSegment(Object... arguments) {
        return (MemorySegment) value(arguments);
    }

    String toText(Object... arguments) {
        return text(toSegment(arguments));
    }

    static String text(MemorySegment pointer) {
        return pointer.address() == 0 ? "" : pointer.reinterpret(MAX_TEXT).getString(0);
    }

    private Object value(Object... arguments) {
        return Objects.requireNonNull(invoke(arguments), name);
    }

    private @Nullable Object invoke(Object... arguments) {
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw failure(name, e);
        }
    }

    static EngineException failure(String function, Throwable cause) {
        return new EngineException(
                EngineException.Kind.INTERNAL, "calling " + function + " failed: " + cause, cause);
    }
}
