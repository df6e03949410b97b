package io.rackmark.runner.report;

import io.rackmark.runner.cost.CostInputs;
import org.jspecify.annotations.Nullable;

/**
 * What a run's plan says that its figures depend on.
 *
 * @param box what the box costs; null when the plan does not say
 * @param scheduled whether the repeats were spread over the day
 */
public record RunInputs(@Nullable CostInputs box, boolean scheduled) {
    /** Of a plan that says nothing of the kind. */
    public static final RunInputs NONE = new RunInputs(null, false);
}
