package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What this machine has drawn since a moment, for a process that runs for long. Thread-safe. */
public final class RunningEnergy implements AutoCloseable {
    private final List<Meter> meters;
    private final List<RunningSum> sums = new ArrayList<>();
    private final Sampling sampling = new Sampling();

    /**
     * One device's share of a source.
     *
     * @param source id of the {@link io.rackmark.runner.result.EnergySource}
     * @param scope what is metered, for people
     * @param device channels of one device share it
     * @param joules gross: idle power included
     */
    public record Total(String source, String scope, String device, double joules) {}

    private RunningEnergy(List<Meter> meters) {
        this.meters = meters;
        meters.forEach(this::begin);
    }

    /** Begins to sample the meters that are wanted and can be read. */
    public static RunningEnergy of(MeterSetup setup) {
        return new RunningEnergy(
                Meters.wanted(setup).stream()
                        .map(MeterFinding::opened)
                        .flatMap(Stream::ofNullable)
                        .toList());
    }

    /** Without meters. */
    public static RunningEnergy none() {
        return new RunningEnergy(List.of());
    }

    private void begin(Meter meter) {
        List<EnergyChannel> channels = meter.channels();
        Map<Integer, RunningSum> summed = new HashMap<>();
        for (int i = 0; i < channels.size(); i++) {
            if (counts(channels.get(i), channels)) {
                RunningSum sum = new RunningSum(channels.get(i));
                summed.put(i, sum);
                sums.add(sum);
            }
        }
        take(meter, summed);
        sampling.begin(meter, () -> take(meter, summed));
    }

    /** Of a device for which one source has counter and power sensor, the counter. */
    private static boolean counts(EnergyChannel channel, List<EnergyChannel> all) {
        return channel.metersEnergy()
                && (channel.quantity() == Quantity.ENERGY_MICROJOULES
                        || all.stream()
                                .noneMatch(
                                        other ->
                                                other.source() == channel.source()
                                                        && other.device().equals(channel.device())
                                                        && other.quantity()
                                                                == Quantity.ENERGY_MICROJOULES));
    }

    private static void take(Meter meter, Map<Integer, RunningSum> summed) {
        List<@Nullable Long> values = meter.read(-1);
        long nanos = System.nanoTime();
        summed.forEach(
                (index, sum) -> {
                    @Nullable Long value = values.get(index);
                    if (value != null) {
                        sum.take(nanos, value);
                    }
                });
    }

    /** What was drawn so far, of every device that could be read. */
    public List<Total> totals() {
        List<Total> totals = new ArrayList<>();
        for (RunningSum sum : sums) {
            EnergyChannel channel = sum.channel();
            if (channel.source() != null && sum.joules().isPresent()) {
                totals.add(
                        new Total(
                                channel.source().id(),
                                channel.scope(),
                                channel.device(),
                                sum.joules().getAsDouble()));
            }
        }
        return totals;
    }

    @Override
    public void close() {
        sampling.stop();
        meters.forEach(Meter::close);
    }
}
