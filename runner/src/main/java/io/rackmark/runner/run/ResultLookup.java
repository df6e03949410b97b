package io.rackmark.runner.run;

import io.rackmark.runner.report.RunInputs;
import io.rackmark.runner.report.RunSummary;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.store.ResultStore;

/** Reads stored runs for people. */
public final class ResultLookup {
    private ResultLookup() {}

    /** All figures of a run, computed from its stored records. */
    public static RunSummary summary(ResultStore store, RunRecord run) {
        return RunSummary.of(
                run,
                store.cells(run.id()),
                store.requests(run.id()),
                store.questions(run.id()),
                store.energy(run.id()),
                new RunInputs(
                        StoredPlan.cost(run).orElse(null), StoredPlan.schedule(run).isPresent()));
    }
}
