package io.rackmark.runner.run;

import io.rackmark.runner.measure.StepListener;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.RunRecord;
import java.time.Duration;
import java.time.Instant;

/** Shown what a run does, between measurements. */
public interface RunView extends StepListener {

    /** The run exists in the store; {@code cells} are still to be done. */
    void begun(RunRecord run, int cells);

    /** A cell is about to start; {@code steps} are still to be done in it. */
    void cellBegun(CellKey cell, int steps);

    void cellEnded(CellRecord cell);

    /**
     * The next probe of a scheduled run is waited for; about once a second.
     *
     * @param probe from 1
     */
    default void waiting(int probe, int probes, Instant due, Duration left) {}

    /** A server is waited for; about once a second, in one line. */
    default void waiting(CellKey cell, String line) {}
}
