package io.rackmark.runner.energy;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.energy.nvml.NativeNvml;
import io.rackmark.runner.energy.nvml.Nvml;
import io.rackmark.runner.energy.nvml.Nvml.GpuProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NvmlMeterTest {
    private static final long WORKER = 4711;

    /** Boards that tell what a test says. */
    private static final class ScriptedNvml implements Nvml {
        private final int count;
        private @Nullable List<GpuProcess> processes = List.of();
        private boolean closed;

        ScriptedNvml(int count) {
            this.count = count;
        }

        @Override
        public List<Gpu> gpus() {
            List<Gpu> gpus = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                gpus.add(new Gpu(i, "NVIDIA H100 80GB HBM3"));
            }
            return gpus;
        }

        @Override
        public Draw draw(int index) {
            return index == 0 ? new Draw(8_123_456L, 412_345L) : new Draw(null, 70_000L);
        }

        @Override
        public State state(int index) {
            return new State(1980L, 2619L, 54L, 0x4L, processes);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final ScriptedNvml nvml = new ScriptedNvml(1);

    @Test
    void milliUnitsBecomeMicroUnitsAndWhatABoardDoesNotTellIsMissing() {
        NvmlMeter meter = new NvmlMeter(new ScriptedNvml(2), _ -> true);

        List<@Nullable Long> values = meter.read(-1);

        assertThat(values).hasSize(16).hasSameSizeAs(meter.channels());
        assertThat(values.subList(0, 6))
                .containsExactly(8_123_456_000L, 412_345_000L, 1980L, 2619L, 54L, 4L);
        assertThat(values.subList(8, 10)).containsExactly(null, 70_000_000L);
        assertThat(meter.channels().get(8).id()).isEqualTo("nvml-counter/1/energy");
    }

    @Test
    void clocksAndProcessesAreReadAtEveryTenthReading() {
        NvmlMeter meter = new NvmlMeter(nvml, _ -> true);

        List<List<@Nullable Long>> readings = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            readings.add(meter.read(-1));
        }

        assertThat(readings.get(0).get(2)).isNotNull();
        assertThat(readings.subList(1, 10)).allMatch(r -> r.get(2) == null && r.get(0) != null);
        assertThat(readings.get(10).get(2)).isNotNull();
    }

    @Test
    void theWorkersMemoryAndOtherProcessesAreToldApart() {
        nvml.processes = List.of(new GpuProcess(WORKER, 3_000_000_000L), new GpuProcess(99, 5L));

        assertThat(memoryAndOthers(true)).containsExactly(3_000_000_000L, 1L);
    }

    @Test
    void aWorkerThatIsNotOnTheBoardHoldsNoMemory() {
        assertThat(memoryAndOthers(true)).containsExactly(0L, 0L);
    }

    @Test
    void processesOfAnotherNamespaceMayBeTheWorkerSoNothingIsClaimed() {
        nvml.processes = List.of(new GpuProcess(31337, 3_000_000_000L));

        assertThat(memoryAndOthers(false)).containsOnlyNulls();
    }

    @Test
    void aBoardThatTellsNoProcessesTellsNoMemory() {
        nvml.processes = null;

        assertThat(memoryAndOthers(true)).containsOnlyNulls();
    }

    @Test
    void aMissingLibraryIsAbsentWithItsName() {
        MeterFinding found = NvmlMeter.find(() -> NativeNvml.open("libnvidia-ml-absent.so.1"));

        assertThat(found.state()).isEqualTo(MeterFinding.State.ABSENT);
        assertThat(found.message()).startsWith("libnvidia-ml-absent.so.1 is not installed;");
    }

    @Test
    void aLibraryThatIsAnotherOneIsToldAsSuch() {
        MeterFinding found = NvmlMeter.find(() -> NativeNvml.open("libc.so.6"));

        assertThat(found.message()).startsWith("libc.so.6 is not NVIDIA's management library;");
    }

    @Test
    void aDriverWithoutBoardsIsClosedAgain() {
        ScriptedNvml none = new ScriptedNvml(0);

        assertThat(NvmlMeter.find(() -> none).state()).isEqualTo(MeterFinding.State.ABSENT);
        assertThat(none.closed).isTrue();
    }

    @Test
    void theMeterClosesItsLibrary() {
        Objects.requireNonNull(NvmlMeter.find(() -> nvml).opened()).close();

        assertThat(nvml.closed).isTrue();
    }

    private List<@Nullable Long> memoryAndOthers(boolean visible) {
        return new NvmlMeter(nvml, _ -> visible).read(WORKER).subList(6, 8);
    }
}
