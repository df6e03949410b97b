package io.rackmark.runner.measure;

/** What a cell does with its loaded model. */
@FunctionalInterface
public interface CellWork {

    /** Does the work that the session does not have yet. */
    void run(CellSession session);
}
