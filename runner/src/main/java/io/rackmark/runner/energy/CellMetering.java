package io.rackmark.runner.energy;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.EnergyRecord.Unmeasured;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySeries.Phase;
import io.rackmark.runner.result.Flag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The meters of one cell: idle baseline, then start before the first request, stop after it. */
public final class CellMetering {
    private final CellKey key;
    private final int attempt;
    private final List<Meter> meters;
    private final List<Unmeasured> unmeasured;
    private final Instant wallClock = Instant.now();
    private final long wallClockNanos = System.nanoTime();
    private final List<EnergySeries> series = new ArrayList<>();
    private @Nullable Span idle;
    private @Nullable Span load;
    private @Nullable Recording recording;

    CellMetering(CellKey key, int attempt, List<Meter> meters, List<Unmeasured> unmeasured) {
        this.key = key;
        this.attempt = attempt;
        this.meters = List.copyOf(meters);
        this.unmeasured = List.copyOf(unmeasured);
    }

    void idle(int seconds) {
        Recording baseline = Recording.start(meters, Phase.IDLE, -1);
        try {
            TimeUnit.SECONDS.sleep(seconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Recording.Recorded recorded = baseline.stop();
        idle = recorded.span();
        series.addAll(recorded.series());
    }

    /** Begins to sample; the worker is loaded and has nothing to do yet. */
    public void start(long workerPid) {
        recording = Recording.start(meters, Phase.LOAD, workerPid);
    }

    /** Ends the sampling; does nothing when none was begun. */
    public void stop() {
        Recording running = recording;
        if (running != null) {
            recording = null;
            Recording.Recorded recorded = running.stop();
            load = recorded.span();
            series.addAll(recorded.series());
        }
    }

    /** Everything that was sampled. */
    public EnergyRecord record() {
        return new EnergyRecord(
                key, attempt, wallClock, wallClockNanos, idle, load, series, unmeasured);
    }

    /** Most device memory that the worker held, over all devices; null when no meter tells. */
    public @Nullable Long workerMemoryBytes() {
        List<Long> peaks =
                load(Quantity.WORKER_MEMORY_BYTES)
                        .map(s -> s.values().stream().mapToLong(Long::longValue).max().orElse(0))
                        .toList();
        return peaks.isEmpty() ? null : peaks.stream().mapToLong(Long::longValue).sum();
    }

    /** What the meters saw that contaminates the cell. */
    public List<Flag> flags() {
        List<Flag> flags = new ArrayList<>();
        load(Quantity.THROTTLE_REASONS)
                .flatMap(s -> ThrottleReasons.names(s).stream())
                .distinct()
                .map(
                        reason ->
                                new Flag(
                                        Flag.Kind.THROTTLED,
                                        "The GPU lowered its clocks (%s); improve its cooling or power limit and repeat."
                                                .formatted(reason)))
                .forEach(flags::add);
        if (load(Quantity.OTHER_PROCESSES)
                .anyMatch(s -> s.values().stream().anyMatch(n -> n > 0))) {
            flags.add(
                    new Flag(
                            Flag.Kind.GPU_SHARED,
                            "Other processes used the GPU; stop them and repeat."));
        }
        return flags;
    }

    private Stream<EnergySeries> load(Quantity quantity) {
        return series.stream()
                .filter(s -> s.phase() == Phase.LOAD && s.channel().quantity() == quantity);
    }
}
