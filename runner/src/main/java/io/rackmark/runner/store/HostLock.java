package io.rackmark.runner.store;

import java.io.IOException;
import java.nio.file.Path;

/** One benchmark at a time per host: two at once would measure each other. */
public final class HostLock implements AutoCloseable {
    private final FileClaim lock;

    private HostLock(FileClaim lock) {
        this.lock = lock;
    }

    /**
     * Takes the lock or throws at once, naming the process that holds it.
     *
     * @param cacheDirectory the same for all benchmarks of this host; created when missing
     */
    public static HostLock acquire(Path cacheDirectory) {
        Path file = cacheDirectory.resolve("host.lock");
        try {
            return new HostLock(FileClaim.take(file));
        } catch (FileClaim.Held e) {
            throw new StoreException(
                    "Another benchmark runs on this host (process %s holds %s); wait for it to end or stop it."
                            .formatted(e.holder(), file),
                    e);
        } catch (IOException e) {
            throw new StoreException(
                    "The host cannot be reserved with %s (%s); check the permissions of that directory."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /** The file that is locked. */
    public Path file() {
        return lock.file();
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new StoreException(
                    "The host lock could not be given back (%s); it ends with this process."
                            .formatted(e.getMessage()),
                    e);
        }
    }
}
