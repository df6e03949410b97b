package io.rackmark.runner.energy.wall;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.EnergyRecord.Unmeasured;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySeries.Phase;
import io.rackmark.runner.result.EnergySource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lays a wall meter's log beside the cells of a run, by the wall clock. */
public final class WallImport {
    /** Name of the meter in {@link Unmeasured}. */
    public static final String METER = "wall";

    private final WallLog log;
    private final EnergyChannel channel;

    public WallImport(WallLog log) {
        this.log = log;
        this.channel =
                new EnergyChannel(
                        EnergySource.WALL_CSV.id(),
                        EnergySource.WALL_CSV,
                        "machine at the plug, column '%s'".formatted(log.column()),
                        METER,
                        log.quantity(),
                        null);
    }

    /** The record with the part of the log that belongs to it, in place of an earlier import. */
    public EnergyRecord with(EnergyRecord record) {
        List<EnergySeries> series =
                new ArrayList<>(
                        record.series().stream()
                                .filter(s -> s.channel().source() != EnergySource.WALL_CSV)
                                .toList());
        List<Unmeasured> unmeasured =
                new ArrayList<>(
                        record.unmeasured().stream()
                                .filter(u -> !u.meter().equals(METER))
                                .toList());
        slice(record, record.idle(), Phase.IDLE).ifPresent(series::add);
        Optional<EnergySeries> load = slice(record, record.load(), Phase.LOAD);
        load.ifPresent(series::add);
        if (load.isEmpty()) {
            unmeasured.add(new Unmeasured(METER, missed(record)));
        }
        return new EnergyRecord(
                record.cell(),
                record.attempt(),
                record.wallClock(),
                record.wallClockNanos(),
                record.idle(),
                record.load(),
                series,
                unmeasured);
    }

    private String missed(EnergyRecord record) {
        Span load = record.load();
        return load == null
                ? "the cell was not measured"
                : "the log covers %s to %s, the cell ran from %s; check the meter's clock and time zone"
                        .formatted(
                                second(log.first()),
                                second(log.last()),
                                second(WallLog.instant(epoch(record, load.fromNanos()))));
    }

    private static Instant second(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    /** The samples inside the span and one beyond each end; empty when none is inside. */
    private Optional<EnergySeries> slice(EnergyRecord record, @Nullable Span span, Phase phase) {
        if (span == null) {
            return Optional.empty();
        }
        long from = epoch(record, span.fromNanos());
        long to = epoch(record, span.toNanos());
        if (log.epochNanos().getLast() < from || log.epochNanos().getFirst() > to) {
            return Optional.empty();
        }
        int first = Math.max(0, atOrAfter(from + 1) - 1);
        int end = Math.min(log.epochNanos().size(), atOrAfter(to) + 1);
        long start = WallLog.epochNanos(record.wallClock());
        List<Long> stamps =
                log.epochNanos().subList(first, end).stream().map(nanos -> nanos - start).toList();
        return Optional.of(
                new EnergySeries(
                        channel,
                        phase,
                        record.wallClockNanos(),
                        stamps,
                        log.values().subList(first, end)));
    }

    private int atOrAfter(long epochNanos) {
        int found = Collections.binarySearch(log.epochNanos(), epochNanos);
        return found >= 0 ? found : -found - 1;
    }

    private static long epoch(EnergyRecord record, long nanos) {
        return WallLog.epochNanos(record.wallClock()) + nanos - record.wallClockNanos();
    }
}
