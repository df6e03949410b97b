package io.rackmark.runner.store;

import io.rackmark.runner.result.RunRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the run a person means.
 *
 * @param file where the runs are, for messages
 * @param runs the latest first
 */
record RunLookup(Path file, List<RunRecord> runs) {
    static final String LATEST = "latest";

    /** Enough to pick from, few enough for one line. */
    private static final int NAMED = 5;

    RunRecord find(String wanted) {
        if (runs.isEmpty()) {
            throw new StoreException("%s holds no runs; `rackmark run` adds one.".formatted(file));
        }
        if (wanted.equals(LATEST)) {
            return runs.getFirst();
        }
        List<RunRecord> matches = runs.stream().filter(run -> run.id().startsWith(wanted)).toList();
        return matches.stream()
                .filter(run -> run.id().equals(wanted) || matches.size() == 1)
                .findFirst()
                .orElseThrow(() -> fault(wanted, matches));
    }

    private StoreException fault(String wanted, List<RunRecord> matches) {
        return new StoreException(
                matches.isEmpty()
                        ? "No run in %s begins with '%s'; there are %s. Give one of them or '%s'."
                                .formatted(file, wanted, names(runs), LATEST)
                        : "'%s' fits %d runs in %s: %s; give more of the id."
                                .formatted(wanted, matches.size(), file, names(matches)));
    }

    private static String names(List<RunRecord> runs) {
        String first =
                runs.stream().limit(NAMED).map(RunRecord::id).collect(Collectors.joining(", "));
        return runs.size() <= NAMED ? first : first + " and " + (runs.size() - NAMED) + " older";
    }
}
