/**
 * Runs a plan: resolves it against this machine, interleaves its cells, stores what they yield and
 * resumes what was interrupted. Entry types: {@link io.rackmark.runner.run.Resolver}, {@link
 * io.rackmark.runner.run.Benchmark}.
 */
@NullMarked
package io.rackmark.runner.run;

import org.jspecify.annotations.NullMarked;
