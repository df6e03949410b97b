package io.rackmark.runner.energy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TdpMeterTest {
    /** user nice system idle iowait irq softirq steal guest guest_nice */
    private static final String STAT =
            """
            cpu  1000 100 500 99999 777 50 350 4000 900 0
            cpu0 500 50 250 50000 400 25 175 2000 450 0
            cpu1 500 50 250 49999 377 25 175 2000 450 0
            intr 12345
            """;

    @TempDir private Path proc;

    @Test
    void busyTimeOfAllCpusTimesThePowerIsTheEstimate() {
        // (1000 + 100 + 500 + 50 + 350) ticks of 10 ms = 20 s over 2 CPUs, at 65 W.
        assertThat(TdpMeter.microjoules(STAT, 65)).contains(10L * 65 * 1_000_000);
    }

    @Test
    void aTextThatIsNoStatHasNoEstimate() {
        for (String text : new String[] {"", "cpu", "cpu  1 2", "cpu  a b c\ncpu0 1\n"}) {
            assertThat(TdpMeter.microjoules(text, 65)).as(text).isEmpty();
        }
    }

    @Test
    void theEstimateIsMarkedAsSuch() throws IOException {
        Files.writeString(proc.resolve("stat"), STAT);

        MeterFinding found = TdpMeter.find(Sysfs.of(proc), 65);

        assertThat(found.message()).isEqualTo("CPU, estimated as utilisation × 65 W (grade E)");
        assertThat(Objects.requireNonNull(found.opened()).read(-1)).containsExactly(650_000_000L);
    }

    @Test
    void withoutAPowerNothingIsEstimated() throws IOException {
        Files.writeString(proc.resolve("stat"), STAT);

        assertThat(TdpMeter.find(Sysfs.of(proc), 0).state()).isEqualTo(MeterFinding.State.ABSENT);
    }

    @Test
    void withoutCpuTimesTheEstimateIsRefused() {
        assertThat(TdpMeter.find(Sysfs.of(proc), 65).state()).isEqualTo(MeterFinding.State.DENIED);
    }
}
