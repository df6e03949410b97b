package io.rackmark.engine.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Ends the process by a real SIGSEGV, as a fault in native code does. */
final class NativeCrash {
    /**
     * Far from heap, code and libraries. The first page will not do: the JVM makes it an exception.
     */
    private static final long UNMAPPED = 3L << 44;

    private NativeCrash() {}

    static void now() {
        MemorySegment.ofAddress(UNMAPPED).reinterpret(Long.BYTES).set(ValueLayout.JAVA_LONG, 0, 1);
    }
}
