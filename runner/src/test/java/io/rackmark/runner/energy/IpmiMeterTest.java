package io.rackmark.runner.energy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class IpmiMeterTest {
    private static final String READING =
            """

                Instantaneous power reading:                   212 Watts
                Minimum during sampling period:                  6 Watts
                Maximum during sampling period:                304 Watts
                Average power reading over sample period:      198 Watts
                IPMI timestamp:                           Thu Feb 15 08:36:01 2024
                Sampling period:                          00000001 Seconds.
                Power reading state is:                   activated


            """;

    @Test
    void theInstantaneousReadingIsTaken() {
        assertThat(IpmiMeter.microwatts(READING)).contains(212_000_000L);
    }

    @Test
    void aReadingWhilePowerManagementIsOffIsNone() {
        assertThat(IpmiMeter.microwatts(READING.replace("activated", "deactivated"))).isEmpty();
    }

    @Test
    void aControllerThatAnswersZeroMeasuresNothing() {
        assertThat(IpmiMeter.microwatts(READING.replace("212 Watts", "0 Watts"))).isEmpty();
    }

    @Test
    void otherTextIsNoReading() {
        for (String text :
                new String[] {"", "Instantaneous power reading: lots", "DCMI request failed"}) {
            assertThat(IpmiMeter.microwatts(text)).as(text).isEmpty();
        }
    }

    @Test
    void aMissingToolIsAbsent() {
        MeterFinding found =
                IpmiMeter.find(
                        () -> {
                            throw new IOException("error=2, No such file or directory");
                        });

        assertThat(found.state()).isEqualTo(MeterFinding.State.ABSENT);
        assertThat(found.message()).contains("sudo apt install ipmitool");
    }

    @Test
    void aForbiddenDeviceIsToldWithItsRemedy() {
        MeterFinding found =
                find(
                        1,
                        "Could not open device at /dev/ipmi0 or /dev/ipmi/0 or /dev/ipmidev/0: No"
                                + " such file or directory\n");

        assertThat(found.state()).isEqualTo(MeterFinding.State.DENIED);
        assertThat(found.message()).contains("modprobe ipmi_devintf", "chmod a+rw /dev/ipmi0");
    }

    @Test
    void aControllerWithoutDcmiIsToldInItsWords() {
        assertThat(find(1, "DCMI request failed because: Invalid command (c1)\n").message())
                .contains("exited with 1", "Invalid command (c1)");
    }

    @Test
    void aReadingThatFailsLaterIsMissing() {
        String[] answer = {READING};
        Meter meter =
                Objects.requireNonNull(
                        IpmiMeter.find(() -> new IpmiMeter.Output(0, answer[0])).opened());

        assertThat(meter.read(1)).containsExactly(212_000_000L);
        answer[0] = "no answer";
        assertThat(meter.read(1)).containsOnlyNulls();
    }

    private static MeterFinding find(int exit, String text) {
        return IpmiMeter.find(() -> new IpmiMeter.Output(exit, text));
    }
}
