package io.rackmark.engine;

import java.util.List;

/**
 * The end of one request.
 *
 * @param text whole answer, without stop strings and special tokens
 * @param promptTokens ids given to the engine, in order
 * @param outputTokens tokens generated, the ending one included
 * @param finish why it ended
 * @param phases where the time went
 */
public record Completion(
        String text, List<Integer> promptTokens, int outputTokens, Finish finish, Phases phases) {

    public enum Finish {
        /** An end-of-turn token or a stop string. */
        STOP,
        /** The token limit or the context was reached. */
        LENGTH,
        CANCELLED
    }

    /**
     * Nanoseconds of {@link System#nanoTime()} spent per phase, over the whole request.
     *
     * @param queueNanos waiting for a free slot
     * @param templateNanos rendering the chat template
     * @param tokenizeNanos text to ids
     * @param prefillNanos inside the engine's prefill, logits of the last position included
     * @param decodeNanos inside the engine's decode calls that this request took part in
     * @param sampleNanos choosing tokens
     * @param detokenizeNanos ids to text
     * @param fillNanos prefilling the tokens that only fill the KV cache; not part of {@code
     *     prefillNanos}
     */
    public record Phases(
            long queueNanos,
            long templateNanos,
            long tokenizeNanos,
            long prefillNanos,
            long decodeNanos,
            long sampleNanos,
            long detokenizeNanos,
            long fillNanos) {

        /** Of a request on an empty KV cache. */
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
                    0);
        }
    }

    public Completion {
        promptTokens = List.copyOf(promptTokens);
    }
}
