package io.rackmark.runner.workload;

import io.rackmark.runner.measure.CellWork;

/** Work for one cell. */
public interface Workload extends CellWork {

    /** Name in plans and results. */
    String id();

    /** Requests or questions a cell makes, for progress; repairs are not counted. */
    int steps();
}
