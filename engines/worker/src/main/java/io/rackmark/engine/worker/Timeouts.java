package io.rackmark.engine.worker;

import java.time.Duration;

/**
 * How long a worker may take before it is killed. All are positive.
 *
 * @param start exec to the worker's first frame
 * @param open describing or opening the engine, and turning a prompt into ids
 * @param load loading a model
 * @param stall a request without a new token, the prefill included
 * @param close an orderly end; what is left is killed
 */
public record Timeouts(
        Duration start, Duration open, Duration load, Duration stall, Duration close) {

    /**
     * Long enough for the slowest model that is worth measuring: a start on a busy machine, an
     * engine that extracts its native library, a load from a slow disk, a long prompt on one core.
     */
    public static final Timeouts DEFAULT =
            new Timeouts(
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(20),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(10));

    public Timeouts {
        for (Duration timeout : new Duration[] {start, open, load, stall, close}) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("timeouts must be positive, got " + timeout);
            }
        }
    }
}
