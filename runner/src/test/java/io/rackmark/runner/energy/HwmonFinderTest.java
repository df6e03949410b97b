package io.rackmark.runner.energy;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.result.EnergyChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HwmonFinderTest {
    @TempDir private Path root;

    @Test
    void powerAndCounterOfEveryAmdCardAreReadAndOtherDevicesAreNot() {
        MeterFinding found = HwmonFinder.find(new SysfsTree(root, "amd-gpus.tree").sysfs());
        Meter meter = Objects.requireNonNull(found.opened(), found.message());

        assertThat(meter.channels())
                .extracting(EnergyChannel::id)
                .containsExactly("hwmon/hwmon1/power", "hwmon/hwmon2/energy", "hwmon/hwmon2/power");
        assertThat(meter.read(-1)).containsExactly(41_000_000L, 5_000_000_000L, 212_000_000L);
    }

    @Test
    void aCardIsNamedByItsAddressOnTheBus() throws IOException {
        SysfsTree tree = new SysfsTree(root, "amd-gpus.tree");
        Path card = Files.createDirectories(root.resolve("devices/0000:03:00.0"));
        Files.createSymbolicLink(root.resolve("class/hwmon/hwmon1/device"), card);

        MeterFinding found = HwmonFinder.find(tree.sysfs());

        assertThat(found.message()).isEqualTo("AMD GPU 0000:03:00.0, AMD GPU hwmon2");
    }

    @Test
    void aMachineWithoutAnAmdCardHasNone() {
        assertThat(HwmonFinder.find(Sysfs.of(root)).state()).isEqualTo(MeterFinding.State.ABSENT);
    }
}
