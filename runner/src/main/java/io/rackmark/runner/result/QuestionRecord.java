package io.rackmark.runner.result;

/**
 * One answered question of a cell.
 *
 * @param cell where it was asked
 * @param ledger everything the agent did for it
 */
public record QuestionRecord(CellKey cell, QuestionLedger ledger) {}
