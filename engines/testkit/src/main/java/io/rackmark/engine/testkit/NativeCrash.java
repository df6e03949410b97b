package io.rackmark.engine.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Ends the process by a real SIGSEGV, as a fault in native code does. */
final class NativeCrash {
    /** In the first page, which no system maps. */
    private static final long UNMAPPED = 64;

    private NativeCrash() {}

    static void now() {
        MemorySegment.ofAddress(UNMAPPED)
                .reinterpret(Long.BYTES)
                .set(ValueLayout.JAVA_LONG, 0, 1);
    }
}
