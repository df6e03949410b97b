package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergyGrade;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySeries.Phase;
import io.rackmark.runner.result.EnergySource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one source tells of one window: all its sockets or boards together, load and idle.
 *
 * @param source of the energy
 * @param scope what was metered, for people
 * @param load gross energy over the window
 * @param idleWatts mean power of the idle baseline; null without a valid one
 * @param idleReason why {@code idleWatts} is null; null when it is not
 */
public record SourceEnergy(
        EnergySource source,
        String scope,
        WindowEnergy load,
        @Nullable Double idleWatts,
        @Nullable String idleReason) {

    /** Counter and integrated power of one device must agree this well. */
    static final double AGREEMENT = 0.05;

    /** A shorter baseline is mostly noise. */
    static final double SHORTEST_IDLE_SECONDS = 10;

    /** Every source of a record, in the order of {@link EnergySource}. */
    public static List<SourceEnergy> of(EnergyRecord record, Span window) {
        List<SourceEnergy> found = new ArrayList<>();
        for (EnergySource source : EnergySource.values()) {
            List<EnergySeries> series = series(record, source);
            if (!series.isEmpty()) {
                found.add(of(record, window, source, series));
            }
        }
        return found;
    }

    /** Gross minus idle power over the same time; null without a baseline. */
    public @Nullable Double netJoules() {
        return load.joules() == null || idleWatts == null
                ? null
                : load.joules() - idleWatts * load.seconds();
    }

    private static SourceEnergy of(
            EnergyRecord record, Span window, EnergySource source, List<EnergySeries> series) {
        WindowEnergy load =
                series.stream()
                        .map(one -> WindowEnergy.of(one, window))
                        .reduce(WindowEnergy::plus)
                        .orElseThrow();
        if (disputed(record, window, series)) {
            load = load.atBest(EnergyGrade.D);
        }
        String scope =
                series.stream()
                        .map(one -> one.channel().scope())
                        .distinct()
                        .collect(Collectors.joining(", "));
        WindowEnergy idle = idle(record, series);
        return new SourceEnergy(source, scope, load, idle.watts(), idle.reason());
    }

    private static WindowEnergy idle(EnergyRecord record, List<EnergySeries> load) {
        Span span = record.idle();
        if (span == null) {
            return WindowEnergy.invalid(
                    0, "no idle baseline; --idle-seconds 10 measures one before each cell");
        }
        double seconds = (span.toNanos() - span.fromNanos()) / 1e9;
        if (seconds < SHORTEST_IDLE_SECONDS) {
            return WindowEnergy.invalid(seconds, "the idle baseline is under 10 s");
        }
        return load.stream()
                .map(one -> record.series(one.channel().id(), Phase.IDLE))
                .map(
                        one ->
                                one.map(series -> WindowEnergy.of(series, span))
                                        .orElseGet(
                                                () ->
                                                        WindowEnergy.invalid(
                                                                seconds,
                                                                "the meter was not read while"
                                                                        + " idle")))
                .reduce(WindowEnergy::plus)
                .orElseThrow();
    }

    /**
     * The series that make up a source: one per device. Of GPUs only those on which the worker held
     * memory, when that is known; of a card with counter and power sensor the counter.
     */
    private static List<EnergySeries> series(EnergyRecord record, EnergySource source) {
        List<EnergySeries> all =
                record.series().stream()
                        .filter(s -> s.phase() == Phase.LOAD && s.channel().source() == source)
                        .toList();
        Set<String> counted =
                all.stream()
                        .filter(counter(Quantity.ENERGY_MICROJOULES))
                        .map(s -> s.channel().device())
                        .collect(Collectors.toSet());
        Set<String> used = usedByWorker(record);
        return all.stream()
                .filter(
                        counter(Quantity.ENERGY_MICROJOULES)
                                .or(s -> !counted.contains(s.channel().device())))
                .filter(s -> !isGpu(source) || used.isEmpty() || used.contains(device(s)))
                .toList();
    }

    private static boolean isGpu(EnergySource source) {
        return source == EnergySource.NVML_COUNTER || source == EnergySource.NVML_INTEGRATED;
    }

    private static String device(EnergySeries series) {
        return series.channel().device();
    }

    private static Predicate<EnergySeries> counter(Quantity quantity) {
        return series -> series.channel().quantity() == quantity;
    }

    private static Set<String> usedByWorker(EnergyRecord record) {
        return record.series().stream()
                .filter(counter(Quantity.WORKER_MEMORY_BYTES))
                .filter(series -> series.values().stream().anyMatch(bytes -> bytes > 0))
                .map(SourceEnergy::device)
                .collect(Collectors.toSet());
    }

    /** Whether any device's counter and integrated power are further apart than allowed. */
    private static boolean disputed(EnergyRecord record, Span window, List<EnergySeries> series) {
        return series.stream()
                .map(EnergySeries::channel)
                .map(EnergyChannel::device)
                .distinct()
                .anyMatch(device -> disputed(record, window, device));
    }

    private static boolean disputed(EnergyRecord record, Span window, String device) {
        @Nullable Double counted = joules(record, window, device, Quantity.ENERGY_MICROJOULES);
        @Nullable Double integrated = joules(record, window, device, Quantity.POWER_MICROWATTS);
        return counted != null
                && integrated != null
                && Math.abs(integrated - counted) > AGREEMENT * counted;
    }

    private static @Nullable Double joules(
            EnergyRecord record, Span window, String device, Quantity quantity) {
        return record.series().stream()
                .filter(s -> s.phase() == Phase.LOAD && s.channel().metersEnergy())
                .filter(counter(quantity).and(s -> device(s).equals(device)))
                .map(s -> WindowEnergy.of(s, window).joules())
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElse(null);
    }
}
