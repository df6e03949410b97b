/**
 * What to measure: the plan, read from YAML or put together from flags, and checked as a whole
 * before the first measurement. Entry types: {@link io.rackmark.runner.plan.Plan}, {@link
 * io.rackmark.runner.plan.PlanReader}.
 */
@NullMarked
package io.rackmark.runner.plan;

import org.jspecify.annotations.NullMarked;
