package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.EnergySeries;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads meters at their periods, each on a thread of its own so that a slow one delays no other.
 * Between two readings a thread sleeps: together they take well under 1 % of a CPU.
 */
final class Recording {
    private final EnergySeries.Phase phase;
    private final long workerPid;
    private long fromNanos;
    private final List<SampleLog> logs = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);

    private Recording(EnergySeries.Phase phase, long workerPid) {
        this.phase = phase;
        this.workerPid = workerPid;
    }

    /** Everything that was read. */
    record Recorded(Span span, List<EnergySeries> series) {}

    /** Returns after every meter was read once. */
    static Recording start(List<Meter> meters, EnergySeries.Phase phase, long workerPid) {
        Recording recording = new Recording(phase, workerPid);
        for (Meter meter : meters) {
            recording.begin(new SampleLog(meter, System::nanoTime));
        }
        recording.fromNanos = System.nanoTime(); // now, so that samples cover the whole span
        return recording;
    }

    private void begin(SampleLog log) {
        log.take(workerPid);
        logs.add(log);
        threads.add(
                Thread.ofPlatform()
                        .daemon()
                        .name("energy-" + log.meter().channels().getFirst().id())
                        .start(() -> sample(log)));
    }

    /** To absolute times, so that the rate does not drift; a late reading is not caught up. */
    private void sample(SampleLog log) {
        long period = log.meter().period().toNanos();
        long next = System.nanoTime() + period;
        try {
            while (!stop.await(next - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                log.take(workerPid);
                next = Math.max(next + period, System.nanoTime());
            }
        } catch (InterruptedException e) {
            // Nobody needs the samples any more.
        }
    }

    /** Ends the sampling with one last reading of every meter. */
    Recorded stop() {
        stop.countDown();
        for (Thread thread : threads) {
            join(thread);
        }
        Span span = new Span(fromNanos, System.nanoTime());
        logs.forEach(log -> log.take(workerPid));
        return new Recorded(span, logs.stream().flatMap(l -> l.series(phase).stream()).toList());
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
