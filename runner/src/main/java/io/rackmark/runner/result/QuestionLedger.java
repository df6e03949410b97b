package io.rackmark.runner.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that happened between a question and its answer. The four time shares add up to the
 * total exactly.
 *
 * @param questionId id in its question set
 * @param tier difficulty tier in its question set
 * @param turns requests to the model, in order; the first asks, the others repair
 * @param finalSql the last SQL the model gave, or null when it never gave any
 * @param outcome how the question ended
 * @param correctBag EX-bag, or null when there was no gold result to compare with
 * @param correctSet EX-set, or null when there was no gold result to compare with
 * @param jsonHonoured whether every response kept the JSON contract; null when none was asked for
 *     or none arrived
 * @param executable whether the final SQL ran without error inside the time and row caps
 * @param repairs extra turns used
 * @param totalNanos question asked to answer ready, without what pacing held back
 * @param modelNanos inside requests that were answered or failed for good
 * @param sqlNanos inside the database
 * @param backoffNanos refused requests (429, 503) and the waits after them
 * @param otherNanos the rest: prompt rendering, parsing, bookkeeping
 * @param promptTokens tokens of all prompts, or null when a turn's number is unknown
 * @param outputTokens tokens of all answers, or null when a turn's number is unknown
 * @param startedNanos monotonic stamp of the asking; the answer was ready {@code totalNanos +
 *     pacedNanos} later; null when stored before it was kept
 * @param pacedNanos held back before sending, to keep to a rate limit; null when stored before
 *     there was pacing
 */
public record QuestionLedger(
        String questionId,
        String tier,
        List<Turn> turns,
        @Nullable String finalSql,
        Outcome outcome,
        @Nullable Boolean correctBag,
        @Nullable Boolean correctSet,
        @Nullable Boolean jsonHonoured,
        boolean executable,
        int repairs,
        long totalNanos,
        long modelNanos,
        long sqlNanos,
        long backoffNanos,
        long otherNanos,
        @Nullable Integer promptTokens,
        @Nullable Integer outputTokens,
        @Nullable Long startedNanos,
        @Nullable Long pacedNanos) {

    /** How a question ended. */
    public enum Outcome {
        /** The final SQL ran; whether it is right is another matter. */
        ANSWERED,
        /** The last response held no SQL. */
        NO_SQL,
        /** The database refused the last SQL, or it ran into a cap. */
        SQL_FAILED,
        /** The model did not take the prompt: too long for its context. */
        CONTEXT_OVERFLOW,
        /** Every retry of the back-off schedule was refused (429 or 503). */
        REFUSED,
        /** The model failed in a way that waiting does not mend. */
        MODEL_FAILED
    }

    public QuestionLedger {
        turns = List.copyOf(turns);
    }

    /** Monotonic stamp of the ready answer; null when it is not known. */
    public @Nullable Long endedNanos() {
        return startedNanos == null
                ? null
                : (Long) (startedNanos + totalNanos + (pacedNanos == null ? 0 : pacedNanos));
    }

    /** The same ledger under another id. */
    public QuestionLedger named(String id) {
        return new QuestionLedger(
                id,
                tier,
                turns,
                finalSql,
                outcome,
                correctBag,
                correctSet,
                jsonHonoured,
                executable,
                repairs,
                totalNanos,
                modelNanos,
                sqlNanos,
                backoffNanos,
                otherNanos,
                promptTokens,
                outputTokens,
                startedNanos,
                pacedNanos);
    }

    /** The same ledger with the verdicts of a comparison with the gold result. */
    public QuestionLedger judged(boolean bag, boolean set) {
        return new QuestionLedger(
                questionId,
                tier,
                turns,
                finalSql,
                outcome,
                bag,
                set,
                jsonHonoured,
                executable,
                repairs,
                totalNanos,
                modelNanos,
                sqlNanos,
                backoffNanos,
                otherNanos,
                promptTokens,
                outputTokens,
                startedNanos,
                pacedNanos);
    }
}
