package io.rackmark.runner.measure;

import io.rackmark.runner.result.CellKey;

/** Told about progress, between the measured requests. */
public interface StepListener {
    void step(CellKey cell, String label);
}
