package io.rackmark.engine.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code bool ..._seq_rm(pointer, sequence, from, to)}, the same under each of its names. */
final class KvRemoval {
    private final String name;
    private final MethodHandle remove;

    KvRemoval(NativeSymbols symbols, String name) {
        this.name = name;
        remove =
                symbols.handle(
                        name,
                        FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT));
    }

    /**
     * Removes a whole sequence.
     *
     * @param owner what the function takes: a context or its memory
     */
    void removeAll(MemorySegment owner, int sequence) {
        boolean removed;
        try {
            removed = (boolean) remove.invokeExact(owner, sequence, -1, -1);
        } catch (Throwable e) {
            throw NativeFunction.failure(name, e);
        }
        if (!removed) {
            throw NativeFunction.failure(
                    name, new IllegalStateException("sequence " + sequence + " not removed"));
        }
    }
}
