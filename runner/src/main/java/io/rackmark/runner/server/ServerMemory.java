package io.rackmark.runner.server;

import org.jspecify.annotations.Nullable;

/**
 * Memory of a server's processes together, in bytes; null where the system does not tell.
 *
 * @param processes how many there are now
 * @param rssBytes sum of resident sets; pages that processes share are counted once for each
 * @param pssBytes sum of proportional sets: shared pages are counted once
 * @param peakRssBytes sum of each process's highest resident set, an upper bound when they peaked
 *     at different times
 * @param swapBytes swapped out
 */
public record ServerMemory(
        int processes,
        @Nullable Long rssBytes,
        @Nullable Long pssBytes,
        @Nullable Long peakRssBytes,
        @Nullable Long swapBytes) {}
