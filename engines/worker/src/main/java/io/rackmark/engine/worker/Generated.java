package io.rackmark.engine.worker;

import io.rackmark.engine.Completion;

/**
 * One finished request. Stamps are the worker's {@link System#nanoTime()}; see {@link
 * Started#comparable()} for whether they can be set against this process's own.
 *
 * @param completion the engine's answer
 * @param sentNanos prompt handed to the engine
 * @param tokenNanos [tokens] when each token was chosen and detokenised, ascending
 * @param tokenIds [tokens] their ids
 * @param gcTotalPauseNanos collector pauses inside the request, all together; the collector tells
 *     whole milliseconds
 * @param gcMaxPauseNanos the longest of them
 */
@SuppressWarnings("ArrayRecordComponent")
public record Generated(
        Completion completion,
        long sentNanos,
        long[] tokenNanos,
        int[] tokenIds,
        long gcTotalPauseNanos,
        long gcMaxPauseNanos) {
    public Generated {
        if (tokenNanos.length != tokenIds.length) {
            throw new IllegalArgumentException(
                    "%d token times for %d token ids"
                            .formatted(tokenNanos.length, tokenIds.length));
        }
    }
}
