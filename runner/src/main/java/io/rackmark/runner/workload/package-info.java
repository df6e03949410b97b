/**
 * What a loaded model is made to do. Entry type: {@link io.rackmark.runner.workload.Workload}; a
 * workload sends requests through the cell's session, which times and stores them.
 */
@NullMarked
package io.rackmark.runner.workload;

import org.jspecify.annotations.NullMarked;
