package io.rackmark.runner.run;

import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.plan.SchedulePlan;
import io.rackmark.runner.result.RunRecord;
import java.util.Optional;

/** The plan a run was begun with, its systems written out. */
public final class StoredPlan {
    private StoredPlan() {}

    public static Plan of(RunRecord run) {
        return PlanJson.read(run.plan());
    }

    /** What the box costs, as far as the plan says. */
    public static Optional<CostInputs> cost(RunRecord run) {
        return PlanJson.part(run.plan(), "cost", CostInputs.class);
    }

    /** When the repeats were due, if the plan says. */
    public static Optional<SchedulePlan> schedule(RunRecord run) {
        return PlanJson.part(run.plan(), "schedule", SchedulePlan.class);
    }
}
