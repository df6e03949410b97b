package io.rackmark.runner.energy;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergySource;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaplFinderTest {
    @TempDir private Path root;

    @Test
    void packagesAndMemoryOfTwoSocketsAreReadAndNothingTwice() {
        Meter meter = usable(new SysfsTree(root, "intel-two-socket.tree").sysfs());

        assertThat(meter.channels())
                .extracting(EnergyChannel::id)
                .containsExactly("rapl-package/0", "rapl-dram/0", "rapl-package/1", "rapl-dram/1");
        assertThat(meter.read(-1))
                .containsExactly(154632781952L, 31877221334L, 88123456789L, 12345678901L);
        assertThat(meter.channels().getFirst().wrap()).isEqualTo(262143328850L);
        assertThat(meter.channels().get(1).wrap()).isEqualTo(65712999613L);
        assertThat(meter.channels().get(1).source()).isEqualTo(EnergySource.RAPL_DRAM);
    }

    @Test
    void anAmdSocketHasItsPackageOnly() {
        Meter meter = usable(new SysfsTree(root, "amd-package.tree").sysfs());

        assertThat(meter.channels())
                .singleElement()
                .extracting(EnergyChannel::scope)
                .isEqualTo("CPU package 0");
        assertThat(meter.read(-1)).containsExactly(7654321098L);
    }

    @Test
    void socketsOfTheOlderAmdDriverAreReadWithoutTheirCores() {
        Meter meter = usable(new SysfsTree(root, "amd-energy.tree").sysfs());

        assertThat(meter.read(-1)).containsExactly(900_000L, 800_000L);
        assertThat(meter.channels().getFirst().wrap()).isNull();
    }

    @Test
    void diesOfOnePackageAreAllCounted() {
        assertThat(usable(new SysfsTree(root, "two-dies.tree").sysfs()).read(-1))
                .containsExactly(1000L, 2000L);
    }

    @Test
    void aForbiddenCounterIsToldWithTheCommandThatAllowsIt() {
        MeterFinding found = RaplFinder.find(new SysfsTree(root, "intel-two-socket.tree").denied());

        assertThat(found.state()).isEqualTo(MeterFinding.State.DENIED);
        assertThat(found.message())
                .isEqualTo(
                        "not permitted to read %s/class/powercap/intel-rapl:0/energy_uj; allow it until the next boot with: sudo chmod a+r %s/class/powercap/*/energy_uj"
                                .formatted(root, root));
    }

    @Test
    void aCounterThatHoldsNoNumberIsToldAsSuch() {
        SysfsTree tree = new SysfsTree(root, "amd-package.tree");
        tree.set("class/powercap/intel-rapl:0/energy_uj", "n/a");

        MeterFinding found = RaplFinder.find(tree.sysfs());

        assertThat(found.state()).isEqualTo(MeterFinding.State.DENIED);
        assertThat(found.message()).contains("holds no counter");
    }

    @Test
    void aMachineWithoutCountersHasNone() {
        MeterFinding found = RaplFinder.find(Sysfs.of(root));

        assertThat(found.state()).isEqualTo(MeterFinding.State.ABSENT);
        assertThat(found.message()).contains("intel_rapl_msr");
    }

    @Test
    void aReadingThatFailsIsMissingAndNotZero() {
        SysfsTree tree = new SysfsTree(root, "amd-package.tree");
        Meter meter = usable(tree.sysfs());
        tree.set("class/powercap/intel-rapl:0/energy_uj", "");

        assertThat(meter.read(-1)).hasSize(1).containsOnlyNulls();
    }

    private static Meter usable(Sysfs sysfs) {
        MeterFinding found = RaplFinder.find(sysfs);
        assertThat(found.state()).as(found.message()).isEqualTo(MeterFinding.State.USABLE);
        return Objects.requireNonNull(found.opened());
    }
}
