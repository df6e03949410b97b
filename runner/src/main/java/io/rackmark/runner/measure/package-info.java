/**
 * One cell: a fresh worker process is started, loads its model, runs one workload and is closed;
 * every stage is timed here. Entry type: {@link io.rackmark.runner.measure.CellRunner}.
 */
@NullMarked
package io.rackmark.runner.measure;

import org.jspecify.annotations.NullMarked;
