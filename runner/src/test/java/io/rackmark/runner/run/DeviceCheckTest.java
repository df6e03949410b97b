package io.rackmark.runner.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Device;
import io.rackmark.engine.Fact;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceCheckTest {
    private static final Device CPU = new Device("cpu", "CPU");

    @Test
    void aDeviceTheEngineHasIsNoFault() {
        Availability.Available both =
                new Availability.Available(
                        "1", List.of(new Device("cuda:0", "a card"), CPU), List.of());

        assertThat(DeviceCheck.fault("x", "cuda:0", both)).isEmpty();
        assertThat(DeviceCheck.fault("x", "cpu", both)).isEmpty();
        assertThat(DeviceCheck.fault("x", "cuda:3", both))
                .contains("engine x knows no device 'cuda:3'; known: cuda:0, cpu");
    }

    @Test
    void aGpuThatAnEngineWithoutOneIsAskedForIsRefusedWithTheEnginesOwnRemedy() {
        Availability.Available cpuOnly =
                new Availability.Available(
                        "1",
                        List.of(CPU),
                        List.of(new Fact(Availability.NO_GPU, "it has none; install one")));

        assertThat(DeviceCheck.fault("x", "cuda:0", cpuOnly))
                .contains("engine x cannot compute on device 'cuda:0': it has none; install one");
    }

    @Test
    void onlyPlatformsThatWereRunAreVerified() {
        assertThat(Platform.of("Linux", "amd64")).isEqualTo(new Platform("Linux x86-64", true));
        assertThat(Platform.of("Linux", "aarch64").verified()).isFalse();
        assertThat(Platform.of("Mac OS X", "aarch64").verified()).isFalse();
        assertThat(Platform.of("Windows 11", "amd64").verified()).isFalse();
    }
}
