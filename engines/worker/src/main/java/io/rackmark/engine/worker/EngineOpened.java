package io.rackmark.engine.worker;

import io.rackmark.engine.Fact;
import java.util.List;

/**
 * @param facts of the engine's build
 * @param startedNanos the worker's clock before the engine was opened
 * @param readyNanos and after
 */
public record EngineOpened(List<Fact> facts, long startedNanos, long readyNanos) {
    public EngineOpened {
        facts = List.copyOf(facts);
    }
}
