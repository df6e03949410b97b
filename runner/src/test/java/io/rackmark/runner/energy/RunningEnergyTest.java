package io.rackmark.runner.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergySource;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningEnergyTest {
    private static final long SECOND = 1_000_000_000;
    private static final String COUNTER = "class/powercap/intel-rapl:%d/energy_uj";

    @TempDir private Path root;

    @Test
    void eachDeviceOfASourceIsCountedFromTheStart() throws InterruptedException {
        SysfsTree tree = new SysfsTree(root, "intel-two-socket.tree");
        try (RunningEnergy energy = RunningEnergy.of(setup(tree, "rapl"))) {
            assertThat(energy.totals())
                    .extracting(RunningEnergy.Total::joules)
                    .containsExactly(0.0, 0.0, 0.0, 0.0);
            tree.set(COUNTER.formatted(0), Long.toString(154_632_781_952L + 5_000_000));
            tree.set(COUNTER.formatted(1), Long.toString(88_123_456_789L + 1_250_000));
            await(energy, 6.25);
            assertThat(energy.totals())
                    .containsExactly(
                            new RunningEnergy.Total("rapl-package", "CPU package 0", "cpu0", 5),
                            new RunningEnergy.Total("rapl-dram", "memory of CPU 0", "cpu0", 0),
                            new RunningEnergy.Total("rapl-package", "CPU package 1", "cpu1", 1.25),
                            new RunningEnergy.Total("rapl-dram", "memory of CPU 1", "cpu1", 0));
        }
    }

    private static void await(RunningEnergy energy, double joules) throws InterruptedException {
        long deadline = System.nanoTime() + 20 * SECOND;
        while (energy.totals().stream().mapToDouble(RunningEnergy.Total::joules).sum() < joules) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    @Test
    void withoutMetersThereIsNothingToTell() {
        SysfsTree tree = new SysfsTree(root, "intel-two-socket.tree");
        try (RunningEnergy none = RunningEnergy.of(setup(tree, "none"));
                RunningEnergy denied =
                        RunningEnergy.of(
                                new MeterSetup(tree.denied(), tree.sysfs(), List.of("rapl"), 0))) {
            assertThat(none.totals()).isEmpty();
            assertThat(denied.totals()).isEmpty();
        }
    }

    @Test
    void aCounterWrapsAndAResetAddsNothing() {
        RunningSum wrapping = sum(Quantity.ENERGY_MICROJOULES, 1_000_000L);
        assertThat(wrapping.joules()).isEmpty();
        wrapping.take(0, 900_000);
        wrapping.take(SECOND, 100_000);
        assertThat(wrapping.joules()).hasValue(0.2);

        RunningSum reset = sum(Quantity.ENERGY_MICROJOULES, null);
        reset.take(0, 900_000);
        reset.take(SECOND, 100_000);
        reset.take(2 * SECOND, 400_000);
        assertThat(reset.joules()).hasValue(0.3);
    }

    @Test
    void powerIsIntegratedExceptOverAGap() {
        RunningSum power = sum(Quantity.POWER_MICROWATTS, null);
        power.take(0, 10_000_000);
        power.take(2 * SECOND, 20_000_000);
        power.take(60 * SECOND, 20_000_000);
        power.take(61 * SECOND, 20_000_000);
        assertThat(power.joules().orElseThrow()).isCloseTo(30 + 20, within(1e-9));
    }

    private static RunningSum sum(Quantity quantity, @Nullable Long wrap) {
        return new RunningSum(
                new EnergyChannel("x", EnergySource.HWMON, "x", "gpu0", quantity, wrap));
    }

    private static MeterSetup setup(SysfsTree tree, String meter) {
        return new MeterSetup(tree.sysfs(), tree.sysfs(), List.of(meter), 0);
    }
}
