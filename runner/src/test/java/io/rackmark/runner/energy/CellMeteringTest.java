package io.rackmark.runner.energy;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySource;
import io.rackmark.runner.result.Flag;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellMeteringTest {
    private static final CellKey CELL = new CellKey("e/m/f16", "speed", 1);
    private static final long PID = 4711;

    @TempDir private Path root;

    /** Draws exactly 50 W of the monotonic clock; other channels say what the test says. */
    @SuppressWarnings("ArrayRecordComponent")
    private record FiftyWatts(List<EnergyChannel> channels, long[] others) implements Meter {
        FiftyWatts(Quantity... more) {
            this(
                    java.util.stream.Stream.concat(
                                    java.util.stream.Stream.of(counter()),
                                    Arrays.stream(more).map(FiftyWatts::extra))
                            .toList(),
                    new long[more.length]);
        }

        private static EnergyChannel counter() {
            return new EnergyChannel(
                    "scripted/0",
                    EnergySource.RAPL_PACKAGE,
                    "scripted",
                    "d0",
                    Quantity.ENERGY_MICROJOULES,
                    null);
        }

        private static EnergyChannel extra(Quantity quantity) {
            return new EnergyChannel("scripted/" + quantity, null, "s", "d0", quantity, null);
        }

        @Override
        public List<@Nullable Long> read(long workerPid) {
            java.util.ArrayList<@Nullable Long> values = new java.util.ArrayList<>();
            values.add(System.nanoTime() / 20); // 50 W are 1 µJ in 20 µs
            Arrays.stream(others).forEach(values::add);
            values.replaceAll(v -> v != null && v == -1 ? Long.valueOf(workerPid) : v);
            return values;
        }
    }

    @Test
    void samplesCoverTheWorkAndYieldItsJoules() throws InterruptedException {
        CellMetering cell = metering(new FiftyWatts()).cell(CELL, 2);
        cell.start(PID);
        long from = System.nanoTime();
        Thread.sleep(650);
        long to = System.nanoTime();
        cell.stop();

        EnergyRecord record = cell.record();
        EnergySeries series = record.series().getFirst();
        WindowEnergy energy = WindowEnergy.of(series, new Span(from, to));

        assertThat(record.cell()).isEqualTo(CELL);
        assertThat(record.attempt()).isEqualTo(2);
        assertThat(record.idle()).isNull();
        assertThat(series.values().size()).isBetween(3, 9);
        assertThat(series.nanosAfterStart()).isSorted();
        // Stamps are the middle of a reading, so a preempted reading costs what it lasted.
        assertThat(energy.joules())
                .isCloseTo(
                        (to - from) * 50 / 1e9, org.assertj.core.data.Percentage.withPercentage(5));
    }

    @Test
    void theIdleBaselineIsTakenBeforeTheLoad() {
        CellMetering cell = EnergyMetering.of(List.of(found(new FiftyWatts())), 1).cell(CELL, 1);
        cell.start(PID);
        cell.stop();

        EnergyRecord record = cell.record();
        Span idle = Objects.requireNonNull(record.idle());
        Span load = Objects.requireNonNull(record.load());

        assertThat(idle.toNanos() - idle.fromNanos()).isGreaterThanOrEqualTo(1_000_000_000L);
        assertThat(load.fromNanos()).isGreaterThanOrEqualTo(idle.toNanos());
        assertThat(WindowEnergy.of(record.series().getFirst(), idle).watts())
                .as("samples cover the whole baseline")
                .isCloseTo(50.0, org.assertj.core.data.Percentage.withPercentage(5));
        assertThat(WindowEnergy.of(record.series().getLast(), load).joules()).isNotNull();
        assertThat(record.series())
                .extracting(EnergySeries::phase)
                .containsExactly(EnergySeries.Phase.IDLE, EnergySeries.Phase.LOAD);
    }

    @Test
    void aCellThatNeverLoadsLeavesARecordWithoutSamples() {
        CellMetering cell = metering(new FiftyWatts()).cell(CELL, 1);
        cell.stop();

        assertThat(cell.record().load()).isNull();
        assertThat(cell.record().series()).isEmpty();
        assertThat(cell.workerMemoryBytes()).isNull();
    }

    @Test
    void metersThatCannotBeReadAreKeptWithTheirReason() {
        EnergyRecord record =
                EnergyMetering.of(
                                List.of(
                                        MeterFinding.denied("rapl", "not permitted"),
                                        MeterFinding.absent("nvml", "no library")),
                                10)
                        .cell(CELL, 1)
                        .record();

        assertThat(record.unmeasured())
                .containsExactly(
                        new EnergyRecord.Unmeasured("rapl", "not permitted"),
                        new EnergyRecord.Unmeasured("nvml", "no library"));
    }

    @Test
    void throttlingAndOtherProcessesAreFlagged() {
        FiftyWatts meter = new FiftyWatts(Quantity.THROTTLE_REASONS, Quantity.OTHER_PROCESSES);
        meter.others()[0] = 0x1 | 0x4 | 0x40; // idle, power cap, heat
        meter.others()[1] = 1;

        assertThat(loaded(meter).flags())
                .extracting(Flag::kind)
                .containsExactly(Flag.Kind.THROTTLED, Flag.Kind.THROTTLED, Flag.Kind.GPU_SHARED);
        meter.others()[0] = 0x1 | 0x2 | 0x10 | 0x100; // idle, settings, synchronisation
        meter.others()[1] = 0;
        assertThat(loaded(meter).flags()).isEmpty();
    }

    @Test
    void theMetersKnowTheWorkerAndItsPeakMemoryIsKept() {
        FiftyWatts meter = new FiftyWatts(Quantity.WORKER_MEMORY_BYTES);
        meter.others()[0] = -1;

        assertThat(loaded(meter).workerMemoryBytes()).isEqualTo(PID);
    }

    @Test
    void samplingTwoSocketsTakesUnderOnePercentOfACpu() throws InterruptedException {
        Meter meter =
                Objects.requireNonNull(
                        RaplFinder.find(new SysfsTree(root, "intel-two-socket.tree").sysfs())
                                .opened());
        CellMetering cell = metering(meter).cell(CELL, 1);
        cell.start(PID);
        Thread.sleep(1500); // class loading and the interpreter are not the sampler
        long before = samplerCpuNanos();
        Thread.sleep(2000);
        long cpu = samplerCpuNanos() - before;
        cell.stop();

        assertThat(cpu).isPositive().isLessThan(20_000_000);
    }

    private static long samplerCpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().startsWith("energy-rapl"))
                .mapToLong(info -> threads.getThreadCpuTime(info.getThreadId()))
                .sum();
    }

    private static CellMetering loaded(Meter meter) {
        CellMetering cell = metering(meter).cell(CELL, 1);
        cell.start(PID);
        cell.stop();
        return cell;
    }

    private static EnergyMetering metering(Meter meter) {
        return EnergyMetering.of(List.of(found(meter)), 0);
    }

    private static MeterFinding found(Meter meter) {
        return MeterFinding.usable("scripted", "", meter);
    }
}
