package io.rackmark.runner.run;

import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.workload.SqlInputs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plan of which everything exists.
 *
 * @param plan with its systems written out, one precision each
 * @param systems in table order
 * @param sql questions and database of the SQL workload; null without one
 * @param skipped engines left out because they cannot run here, with the reason
 */
public record ResolvedPlan(
        Plan plan, List<ResolvedSystem> systems, @Nullable SqlInputs sql, List<String> skipped) {
    public ResolvedPlan {
        systems = List.copyOf(systems);
        skipped = List.copyOf(skipped);
    }
}
