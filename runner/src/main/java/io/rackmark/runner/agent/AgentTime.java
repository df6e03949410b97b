package io.rackmark.runner.agent;

import java.time.Duration;

/** The agent's clock and its way of waiting. */
public interface AgentTime {

    /** Monotonic nanoseconds, of use only as a difference. */
    long nanoTime();

    /** Waits. */
    void sleep(Duration wait) throws InterruptedException;

    /** The machine's own clock. */
    static AgentTime system() {
        return new AgentTime() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration wait) throws InterruptedException {
                Thread.sleep(wait);
            }
        };
    }
}
