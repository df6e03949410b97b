package io.rackmark.runner.run;

import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.result.RunRecord;

/** The plan a run was begun with, its systems written out. */
public final class StoredPlan {
    private StoredPlan() {}

    public static Plan of(RunRecord run) {
        return PlanJson.read(run.plan());
    }
}
