package io.rackmark.runner.run;

import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.runner.plan.SystemPlan;
import io.rackmark.runner.result.SystemUnderTest;

/**
 * A system that is known to exist on this machine.
 *
 * @param system as stored
 * @param plan with exactly one precision
 * @param files what the engine loads
 * @param load with which capacity
 */
public record ResolvedSystem(
        SystemUnderTest system, SystemPlan plan, ModelFiles files, LoadOptions load) {}
