package io.rackmark.runner.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One finished request with its raw events. Stamps are {@link System#nanoTime()} of one machine.
 *
 * @param cell where it ran
 * @param label what it asked: question id and turn, or prompt name
 * @param attempt from 1; a request repeated after an interruption has a higher one
 * @param phase whether it counts
 * @param state how it ended
 * @param sentNanos prompt handed to the engine
 * @param tokenNanos arrival of each output token, ascending
 * @param promptTokens tokens in the prompt
 * @param promptSha256 of the prompt's token ids, to compare engines
 * @param outputTokens tokens generated
 * @param finish {@code STOP}, {@code LENGTH} or {@code CANCELLED}; null when failed
 * @param phases where the time went; null when failed
 * @param gcPauseNanos longest collector pause in the worker during the request; null when unknown
 * @param error one sentence; null unless failed
 */
public record RequestRecord(
        CellKey cell,
        String label,
        int attempt,
        Phase phase,
        State state,
        long sentNanos,
        List<Long> tokenNanos,
        int promptTokens,
        String promptSha256,
        int outputTokens,
        @Nullable String finish,
        @Nullable Phases phases,
        @Nullable Long gcPauseNanos,
        @Nullable String error) {

    public enum Phase {
        /** The first request after load. */
        FIRST,
        /** Not counted. */
        WARM_UP,
        MEASURED
    }

    public enum State {
        COMPLETED,
        FAILED
    }

    /**
     * Nanoseconds spent per phase inside the worker.
     *
     * @param queueNanos waiting for a slot
     * @param templateNanos chat template
     * @param tokenizeNanos text to ids
     * @param prefillNanos inside the engine's prefill
     * @param decodeNanos inside the engine's decode
     * @param sampleNanos choosing tokens
     * @param detokenizeNanos ids to text
     * @param fillNanos prefilling the tokens before the measured part; null when stored before
     *     there was such a part
     */
    public record Phases(
            long queueNanos,
            long templateNanos,
            long tokenizeNanos,
            long prefillNanos,
            long decodeNanos,
            long sampleNanos,
            long detokenizeNanos,
            @Nullable Long fillNanos) {

        /** Of a request without such tokens. */
        public Phases(
                long queueNanos,
                long templateNanos,
                long tokenizeNanos,
                long prefillNanos,
                long decodeNanos,
                long sampleNanos,
                long detokenizeNanos) {
            this(
                    queueNanos,
                    templateNanos,
                    tokenizeNanos,
                    prefillNanos,
                    decodeNanos,
                    sampleNanos,
                    detokenizeNanos,
                    0L);
        }
    }

    public RequestRecord {
        tokenNanos = List.copyOf(tokenNanos);
    }
}
