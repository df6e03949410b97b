package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergySource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An estimate, not a measurement: the share of busy CPU time of the whole machine times a rated
 * power. It knows neither clocks nor idle power nor memory.
 */
final class TdpMeter implements Meter {
    static final String METER = "tdp";

    /** USER_HZ, the unit of /proc/stat: 100 on every Linux that a JDK runs on. */
    private static final long MICROSECONDS_PER_TICK = 10_000;

    /** proc(5): user nice system idle iowait irq softirq; guest time is inside user. */
    private static final List<Integer> BUSY = List.of(0, 1, 2, 5, 6);

    private final Sysfs proc;
    private final int watts;
    private final EnergyChannel channel;

    private TdpMeter(Sysfs proc, int watts) {
        this.proc = proc;
        this.watts = watts;
        this.channel =
                new EnergyChannel(
                        EnergySource.ESTIMATED_TDP.id(),
                        EnergySource.ESTIMATED_TDP,
                        "CPU, estimated as utilisation × %d W".formatted(watts),
                        "cpu",
                        Quantity.ENERGY_MICROJOULES,
                        null);
    }

    static MeterFinding find(Sysfs proc, int watts) {
        if (watts == 0) {
            return MeterFinding.absent(
                    METER, "not asked for; --tdp WATTS estimates the CPU's energy (grade E)");
        }
        TdpMeter meter = new TdpMeter(proc, watts);
        return microjoules(meter.stat(), watts).isPresent()
                ? MeterFinding.usable(METER, meter.channel.scope() + " (grade E)", meter)
                : MeterFinding.denied(
                        METER,
                        "%s tells no CPU times; the estimate works on Linux only"
                                .formatted(proc.root().resolve("stat")));
    }

    @Override
    public List<EnergyChannel> channels() {
        return List.of(channel);
    }

    @Override
    public List<@Nullable Long> read(long workerPid) {
        List<@Nullable Long> values = new ArrayList<>(1);
        values.add(microjoules(stat(), watts).orElse(null));
        return values;
    }

    private String stat() {
        Path file = proc.root().resolve("stat");
        return proc.text(file).orElse("");
    }

    /** Busy time over all CPUs since boot, divided by their number, times the power. */
    static Optional<Long> microjoules(String stat, int watts) {
        long cpus = stat.lines().filter(line -> line.matches("cpu\\d+ .*")).count();
        Optional<String> total = stat.lines().filter(line -> line.startsWith("cpu ")).findFirst();
        if (cpus == 0 || total.isEmpty()) {
            return Optional.empty();
        }
        try {
            List<Long> ticks =
                    Arrays.stream(total.get().substring(4).strip().split(" +", -1))
                            .map(Long::valueOf)
                            .toList();
            long busy = BUSY.stream().mapToLong(ticks::get).sum();
            return Optional.of(busy * MICROSECONDS_PER_TICK * watts / cpus);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
