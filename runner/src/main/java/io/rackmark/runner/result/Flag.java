package io.rackmark.runner.result;

/**
 * A caution printed with results.
 *
 * @param kind which caution
 * @param message what was seen and what to do next, one sentence each
 */
public record Flag(Kind kind, String message) {
    public enum Kind {
        NOT_IDLE,
        GOVERNOR,
        SWAP_USED,
        GC_PAUSE,
        OUTPUT_LENGTH,
        PROMPT_MISMATCH,
        NOT_EQUIVALENT,
        PAGE_CACHE_NOT_EVICTED,
        SHIPPED_LIBRARY,
        NOISY,
        /** The warm-ups ended before the time per token was steady. */
        NOT_STEADY,
        FAILED_CELLS,
        /** The GPU lowered its clocks for heat or power. */
        THROTTLED,
        GPU_SHARED,
        /** An energy figure that is disputed or could not be had. */
        ENERGY,
        /** An endpoint refused requests (429, 5xx) that were asked again. */
        RETRIES,
        /** Accuracy depends on how many users ask at a time. */
        ACCURACY_BY_LOAD,
        /** Probes of a scheduled run that were not run because their time had passed. */
        MISSED_PROBES
    }
}
