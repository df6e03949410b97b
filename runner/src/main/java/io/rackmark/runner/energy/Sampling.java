package io.rackmark.runner.energy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Threads that read meters at their periods, one per meter so that a slow one delays no other.
 * Between two readings a thread sleeps: together they take well under 1 % of a CPU.
 */
final class Sampling {
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);

    /**
     * @param take reads the meter once
     */
    void begin(Meter meter, Runnable take) {
        threads.add(
                Thread.ofPlatform()
                        .daemon()
                        .name("energy-" + meter.channels().getFirst().id())
                        .start(() -> sample(meter.period().toNanos(), take)));
    }

    /** To absolute times, so that the rate does not drift; a late reading is not caught up. */
    private void sample(long period, Runnable take) {
        long next = System.nanoTime() + period;
        try {
            while (!stop.await(next - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                take.run();
                next = Math.max(next + period, System.nanoTime());
            }
        } catch (InterruptedException e) {
            // Nobody needs the samples any more.
        }
    }

    /** Returns when no meter is read any more. */
    void stop() {
        stop.countDown();
        for (Thread thread : threads) {
            join(thread);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
