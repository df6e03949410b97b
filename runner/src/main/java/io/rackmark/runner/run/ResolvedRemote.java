package io.rackmark.runner.run;

import io.rackmark.runner.plan.SystemPlan;
import io.rackmark.runner.remote.RemoteTarget;
import io.rackmark.runner.result.SystemUnderTest;

/**
 * A system that runs elsewhere and that a request can be sent to.
 *
 * @param system as stored
 * @param plan as given
 * @param target where it answers
 */
public record ResolvedRemote(SystemUnderTest system, SystemPlan plan, RemoteTarget target) {}
