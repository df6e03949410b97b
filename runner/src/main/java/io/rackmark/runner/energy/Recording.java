package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.EnergySeries;
import java.util.ArrayList;
import java.util.List;

/** Reads meters for a while and keeps every sample. */
final class Recording {
    private final EnergySeries.Phase phase;
    private final long workerPid;
    private long fromNanos;
    private final List<SampleLog> logs = new ArrayList<>();
    private final Sampling sampling = new Sampling();

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
        sampling.begin(log.meter(), () -> log.take(workerPid));
    }

    /** Ends the sampling with one last reading of every meter. */
    Recorded stop() {
        sampling.stop();
        Span span = new Span(fromNanos, System.nanoTime());
        logs.forEach(log -> log.take(workerPid));
        return new Recorded(span, logs.stream().flatMap(l -> l.series(phase).stream()).toList());
    }
}
