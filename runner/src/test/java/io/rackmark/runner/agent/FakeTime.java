package io.rackmark.runner.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A clock that moves only when told to, and by one microsecond at each look. */
final class FakeTime implements AgentTime {
    static final long TICK_NANOS = 1_000;

    final List<Duration> waits = new ArrayList<>();
    private long now;

    @Override
    public long nanoTime() {
        now += TICK_NANOS;
        return now;
    }

    @Override
    public void sleep(Duration wait) throws InterruptedException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException();
        }
        waits.add(wait);
        now += wait.toNanos();
    }

    void pass(Duration time) {
        now += time.toNanos();
    }
}
