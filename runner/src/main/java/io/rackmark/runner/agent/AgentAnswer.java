package io.rackmark.runner.agent;

import io.rackmark.data.SqlOutcome;
import io.rackmark.runner.result.QuestionLedger;
import org.jspecify.annotations.Nullable;

/**
 * The end of a question.
 *
 * @param ledger everything that happened
 * @param outcome of the last SQL with all its rows, or null when the last turn executed none
 */
public record AgentAnswer(QuestionLedger ledger, @Nullable SqlOutcome outcome) {}
