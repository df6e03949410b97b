package io.rackmark.runner.result;

import org.jspecify.annotations.Nullable;

/**
 * Stages of a cold start in a fresh worker process, in nanoseconds; null where not measured.
 *
 * @param processStartNanos exec → worker's main reached
 * @param engineStartNanos main → native library loaded and engine ready
 * @param modelLoadNanos open → weights resident and ready
 * @param pageCache state of the weights file in the page cache before the load
 * @param firstRequestNanos TTFT of the first request after load
 * @param coldStartNanos exec → first token of the first request
 */
public record LifeCycle(
        @Nullable Long processStartNanos,
        @Nullable Long engineStartNanos,
        @Nullable Long modelLoadNanos,
        PageCache pageCache,
        @Nullable Long firstRequestNanos,
        @Nullable Long coldStartNanos) {

    public enum PageCache {
        /** Evicted before the load and verified to be absent. */
        COLD,
        /** Verified to be resident before the load. */
        WARM,
        UNKNOWN
    }
}
