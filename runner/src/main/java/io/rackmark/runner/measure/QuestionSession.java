package io.rackmark.runner.measure;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.QuestionRecord;

/** A cell in which questions are asked, whatever answers them. */
public interface QuestionSession {
    CellKey key();

    /** Number of this attempt at the cell, from 1. */
    int attempt();

    /** Whether a measured request or a question of this name is stored already. */
    boolean has(String label);

    /** Stores an answered question. */
    void question(QuestionRecord question);
}
