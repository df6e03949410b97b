package io.rackmark.runner.run;

import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.result.SystemUnderTest;
import io.rackmark.runner.workload.SqlInputs;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A plan of which everything exists.
 *
 * @param plan with its systems written out, one precision each
 * @param systems of this machine, in table order
 * @param remotes systems that run elsewhere, after the others
 * @param sql questions and database of the SQL workload; null without one
 * @param agent questions and database of the agent workload; null without one
 * @param skipped engines and endpoints left out because they cannot run here, with the reason
 */
public record ResolvedPlan(
        Plan plan,
        List<ResolvedSystem> systems,
        List<ResolvedRemote> remotes,
        @Nullable SqlInputs sql,
        @Nullable SqlInputs agent,
        List<String> skipped) {
    public ResolvedPlan {
        systems = List.copyOf(systems);
        remotes = List.copyOf(remotes);
        skipped = List.copyOf(skipped);
    }

    /** Everything that is measured, in table order. */
    public List<SystemUnderTest> subjects() {
        return Stream.concat(
                        systems.stream().map(ResolvedSystem::system),
                        remotes.stream().map(ResolvedRemote::system))
                .toList();
    }
}
