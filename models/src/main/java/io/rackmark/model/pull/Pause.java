package io.rackmark.model.pull;

import java.time.Duration;

/** Waits; replaced in tests. */
@FunctionalInterface
interface Pause {
    /** Sleeps on this thread. */
    Pause SLEEP = Thread::sleep;

    void sleep(Duration time) throws InterruptedException;
}
