package io.rackmark.engine.testkit;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A moment to wait for precisely: parks up to the last two milliseconds and spins through them,
 * since parking alone wakes up late.
 *
 * @param nanoTime of {@link System#nanoTime()}
 */
record Deadline(long nanoTime) {
    private static final long SPIN_NANOS = 2_000_000;
    private static final long POLL_NANOS = 10_000_000;

    static Deadline at(long nanoTime) {
        return new Deadline(nanoTime);
    }

    /** Waits; returns early, within some 10 ms, once {@code stop} holds. */
    void await(BooleanSupplier stop) {
        for (long left = left(); left > 0; left = left()) {
            if (stop.getAsBoolean()) {
                return;
            }
            if (left > SPIN_NANOS) {
                LockSupport.parkNanos(Math.min(left - SPIN_NANOS, POLL_NANOS));
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private long left() {
        return nanoTime - System.nanoTime();
    }
}
