package io.rackmark.runner.store;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The right to write one run, held by one process. It ends when it is closed or when the process
 * dies, so an interrupted run can be resumed at once and no run ever has two writers.
 */
public final class RunClaim implements AutoCloseable {
    private final String runId;
    private final FileClaim lock;

    private RunClaim(String runId, FileClaim lock) {
        this.runId = runId;
        this.lock = lock;
    }

    static RunClaim take(Path store, String runId) {
        RunId.require(runId);
        Path file = store.resolveSibling(store.getFileName() + "." + runId + ".lock");
        try {
            return new RunClaim(runId, FileClaim.take(file));
        } catch (FileClaim.Held e) {
            throw new StoreException(
                    "Run %s is being written by process %s; wait for it to end or stop it."
                            .formatted(runId, e.holder()),
                    e);
        } catch (IOException e) {
            throw new StoreException(
                    "Run %s cannot be claimed with %s (%s); check the permissions of that directory."
                            .formatted(runId, file, e.getMessage()),
                    e);
        }
    }

    /** Which run. */
    public String runId() {
        return runId;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new StoreException(
                    "The claim of run %s could not be given back (%s); it ends with this process."
                            .formatted(runId, e.getMessage()),
                    e);
        }
    }
}
