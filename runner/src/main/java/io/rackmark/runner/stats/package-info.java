/**
 * The statistics of the metrics page as pure functions: intervals, tests and verdicts. Entry types:
 * {@link io.rackmark.runner.stats.Estimate} for one system, {@link
 * io.rackmark.runner.stats.Comparison} for two. Each formula names its source; imports nothing of
 * ours and never draws an unseeded random number.
 */
@NullMarked
package io.rackmark.runner.stats;

import org.jspecify.annotations.NullMarked;
