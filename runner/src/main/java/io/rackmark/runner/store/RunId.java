package io.rackmark.runner.store;

import java.util.regex.Pattern;

/** Run ids become file names of locks, so only harmless characters are let in. */
final class RunId {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private RunId() {}

    static void require(String id) {
        if (!VALID.matcher(id).matches() || id.equals(RunLookup.LATEST)) {
            throw new StoreException(
                    "'%s' is not a run id; use 1 to 64 letters, digits, '-' and '_', not '%s'."
                            .formatted(id, RunLookup.LATEST));
        }
    }
}
