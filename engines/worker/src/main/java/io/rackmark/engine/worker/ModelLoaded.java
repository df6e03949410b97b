package io.rackmark.engine.worker;

import io.rackmark.engine.ModelFacts;

/**
 * @param facts of the loaded model
 * @param startedNanos the worker's clock before the load
 * @param readyNanos and after, weights resident
 * @param before memory before the load
 * @param after memory after it
 */
public record ModelLoaded(
        ModelFacts facts,
        long startedNanos,
        long readyNanos,
        MemorySnapshot before,
        MemorySnapshot after) {}
