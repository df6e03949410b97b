package io.rackmark.model.pull;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** Failures of this machine's disk. */
final class DiskFaults {
    private static final String ELSEWHERE =
            "; free space there or name another directory with --cache DIR or RACKMARK_CACHE";

    private DiskFaults() {}

    /** Something that writes into the store. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    /**
     * Keeps the disk's failures apart from the network's, which are tried again.
     *
     * @throws WrongContentException that the action throws
     * @throws ModelException for any other failure
     */
    static void guard(Path store, Action action) throws WrongContentException {
        try {
            action.run();
        } catch (WrongContentException e) {
            throw e;
        } catch (IOException e) {
            throw of(store, e);
        }
    }

    /**
     * @param store the model store that could not be written
     */
    static ModelException of(Path store, IOException fault) {
        String reason =
                switch (fault) {
                    case AccessDeniedException e -> "access denied: " + e.getMessage();
                    case FileAlreadyExistsException e -> "not a directory: " + e.getMessage();
                    case FileSystemException e ->
                            Objects.requireNonNullElse(e.getReason(), "failed")
                                    + ": "
                                    + e.getFile();
                    default -> String.valueOf(fault.getMessage());
                };
        return full(reason)
                ? new ModelException(
                        Kind.ENVIRONMENT,
                        "the disk of %s is full; what was fetched is kept%s"
                                .formatted(store, ELSEWHERE),
                        fault)
                : new ModelException(
                        Kind.ENVIRONMENT,
                        "cannot write to the model store %s (%s)%s"
                                .formatted(store, reason, ELSEWHERE),
                        fault);
    }

    /** Before anything is fetched. */
    static ModelException tooSmall(Path store, long needed, long usable) {
        return new ModelException(
                Kind.ENVIRONMENT,
                "%,d MB are needed in %s and %,d MB are free%s"
                        .formatted(needed / 1_000_000, store, usable / 1_000_000, ELSEWHERE));
    }

    /** What the JDK passes on of ENOSPC, EDQUOT and ERROR_DISK_FULL. */
    private static boolean full(String reason) {
        String text = reason.toLowerCase(Locale.ROOT);
        return text.contains("no space left")
                || text.contains("quota exceeded")
                || text.contains("not enough space");
    }
}
