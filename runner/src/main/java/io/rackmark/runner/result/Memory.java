package io.rackmark.runner.result;

import org.jspecify.annotations.Nullable;

/**
 * Memory of one worker in bytes; null where not measured.
 *
 * @param rssBeforeLoadBytes resident set before the model was loaded
 * @param rssAfterLoadBytes resident set after
 * @param peakRssBytes highest resident set (VmHWM)
 * @param mappedFileBytes resident file-backed pages
 * @param kvCacheBytes KV cache, as the engine tells
 * @param deviceBytes device memory of the worker's process
 * @param swapBytes swapped out
 */
public record Memory(
        @Nullable Long rssBeforeLoadBytes,
        @Nullable Long rssAfterLoadBytes,
        @Nullable Long peakRssBytes,
        @Nullable Long mappedFileBytes,
        @Nullable Long kvCacheBytes,
        @Nullable Long deviceBytes,
        @Nullable Long swapBytes) {

    /** RSS after load minus before; null unless both were measured. */
    public @Nullable Long modelBytes() {
        return rssBeforeLoadBytes == null || rssAfterLoadBytes == null
                ? null
                : rssAfterLoadBytes - rssBeforeLoadBytes;
    }

    /** The same with device memory. */
    public Memory withDeviceBytes(@Nullable Long bytes) {
        return new Memory(
                rssBeforeLoadBytes,
                rssAfterLoadBytes,
                peakRssBytes,
                mappedFileBytes,
                kvCacheBytes,
                bytes,
                swapBytes);
    }
}
