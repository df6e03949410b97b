package io.rackmark.runner.run;

import java.time.Duration;
import java.time.InstantSource;

/**
 * The wall clock of a scheduled run, and its way of waiting.
 *
 * @param clock now, UTC
 * @param waiter sleeps
 */
public record ProbeTime(InstantSource clock, Waiter waiter) {
    /** The machine's own. */
    public static final ProbeTime SYSTEM = new ProbeTime(InstantSource.system(), Thread::sleep);

    /** Sleeps. */
    @FunctionalInterface
    public interface Waiter {
        void sleep(Duration time) throws InterruptedException;
    }
}
