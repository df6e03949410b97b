package io.rackmark.runner.store;

import java.io.IOException;
import java.nio.file.Path;

/** Holds the host lock until its standard input ends. */
final class LockingChild {
    private LockingChild() {}

    public static void main(String[] args) throws IOException {
        try (HostLock lock = HostLock.acquire(Path.of(args[0]))) {
            System.out.println("locked " + lock.file());
            while (System.in.read() >= 0) {
                // Only the end of the input counts.
            }
        }
    }
}
