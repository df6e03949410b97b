package io.rackmark.engine.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of this process. */
final class ResidentMemory {
    private static final Path STATM = Path.of("/proc/self/statm");
    private static final long PAGE_BYTES = 4096;

    private ResidentMemory() {}

    /** Resident bytes without the Java heap's share, after a collection; 0 where not Linux. */
    static long afterCollection() {
        System.gc();
        if (!Files.isReadable(STATM)) {
            return 0;
        }
        try {
            long pages = Long.parseLong(Files.readString(STATM).split(" ", -1)[1]);
            return pages * PAGE_BYTES - Runtime.getRuntime().totalMemory();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + STATM, e);
        }
    }
}
