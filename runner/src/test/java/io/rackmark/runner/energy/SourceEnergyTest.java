package io.rackmark.runner.energy;

import static io.rackmark.runner.energy.ScriptedSeries.channel;
import static io.rackmark.runner.energy.ScriptedSeries.record;
import static io.rackmark.runner.energy.ScriptedSeries.series;
import static io.rackmark.runner.energy.ScriptedSeries.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergyGrade;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySeries.Phase;
import io.rackmark.runner.result.EnergySource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceEnergyTest {

    @Test
    void socketsAreSummedAndPackageAndMemoryStayApart() {
        List<SourceEnergy> sources =
                SourceEnergy.of(
                        record(
                                null,
                                List.of(
                                        counter(EnergySource.RAPL_PACKAGE, "cpu0", 40),
                                        counter(EnergySource.RAPL_PACKAGE, "cpu1", 30),
                                        counter(EnergySource.RAPL_DRAM, "cpu0", 5))),
                        span(0, 20_000));

        assertThat(sources)
                .extracting(SourceEnergy::source)
                .containsExactly(EnergySource.RAPL_PACKAGE, EnergySource.RAPL_DRAM);
        assertThat(sources.getFirst().load().joules()).isEqualTo(1400);
        assertThat(sources.getFirst().scope()).isEqualTo("cpu0, cpu1");
        assertThat(sources.getLast().load().joules()).isEqualTo(100);
    }

    @Test
    void idlePowerIsSubtractedOverTheTimeOfTheLoad() {
        EnergyRecord record = withIdle(12_000, 15);

        SourceEnergy energy = SourceEnergy.of(record, span(0, 20_000)).getFirst();

        assertThat(energy.load().joules()).isEqualTo(800);
        assertThat(energy.idleWatts()).isEqualTo(15);
        assertThat(energy.netJoules()).isEqualTo(500);
    }

    @Test
    void aBaselineUnderTenSecondsIsNone() {
        SourceEnergy energy = SourceEnergy.of(withIdle(9_900, 15), span(0, 20_000)).getFirst();

        assertThat(energy.netJoules()).isNull();
        assertThat(energy.idleReason()).isEqualTo("the idle baseline is under 10 s");
    }

    @Test
    void withoutABaselineTheReasonSaysHowToGetOne() {
        EnergyRecord record = record(null, List.of(counter(EnergySource.RAPL_PACKAGE, "cpu0", 40)));

        assertThat(SourceEnergy.of(record, span(0, 20_000)).getFirst().idleReason())
                .contains("--idle-seconds 10");
    }

    @Test
    void counterAndPowerThatDifferByMoreThanFivePercentAreDisputed() {
        assertThat(grades(100, 104)).containsExactly(EnergyGrade.B, EnergyGrade.C);
        assertThat(grades(100, 106)).containsExactly(EnergyGrade.D, EnergyGrade.D);
        assertThat(grades(100, 94)).containsExactly(EnergyGrade.D, EnergyGrade.D);
    }

    @Test
    void anAmdCardWithCounterAndSensorCountsOnce() {
        EnergyRecord record =
                record(
                        null,
                        List.of(
                                counter(EnergySource.HWMON, "card", 200),
                                power(EnergySource.HWMON, "card", 204)));

        SourceEnergy energy = SourceEnergy.of(record, span(0, 20_000)).getFirst();

        assertThat(energy.load().joules()).isEqualTo(4000);
        assertThat(energy.load().grade()).isEqualTo(EnergyGrade.B);
    }

    @Test
    void ofSeveralGpusThoseCountOnWhichTheWorkerHeldMemory() {
        List<EnergySeries> series =
                new ArrayList<>(
                        List.of(
                                counter(EnergySource.NVML_COUNTER, "gpu0", 60),
                                counter(EnergySource.NVML_COUNTER, "gpu1", 300)));
        assertThat(gross(series)).isEqualTo(7200);
        series.add(memory("gpu0", 0));
        series.add(memory("gpu1", 5_000_000_000L));

        assertThat(gross(series)).isEqualTo(6000);
    }

    private static double gross(List<EnergySeries> series) {
        Double joules =
                SourceEnergy.of(record(null, series), span(0, 20_000)).getFirst().load().joules();
        return joules == null ? Double.NaN : joules;
    }

    private static List<EnergyGrade> grades(int countedWatts, int integratedWatts) {
        EnergyRecord record =
                record(
                        null,
                        List.of(
                                counter(EnergySource.NVML_COUNTER, "gpu0", countedWatts),
                                power(EnergySource.NVML_INTEGRATED, "gpu0", integratedWatts)));
        return SourceEnergy.of(record, span(0, 20_000)).stream()
                .flatMap(s -> java.util.stream.Stream.ofNullable(s.load().grade()))
                .toList();
    }

    private static EnergyRecord withIdle(int idleMs, int idleWatts) {
        EnergyChannel channel =
                channel(EnergySource.RAPL_PACKAGE, "cpu0", Quantity.ENERGY_MICROJOULES);
        EnergySeries idle = series(channel, Phase.IDLE, 100, idleMs, ms -> ms * idleWatts * 1000);
        return record(
                span(0, idleMs), List.of(idle, counter(EnergySource.RAPL_PACKAGE, "cpu0", 40)));
    }

    private static EnergySeries counter(EnergySource source, String device, int watts) {
        return series(
                channel(source, device, Quantity.ENERGY_MICROJOULES),
                Phase.LOAD,
                100,
                20_000,
                ms -> ms * watts * 1000);
    }

    private static EnergySeries power(EnergySource source, String device, int watts) {
        return series(
                channel(source, device, Quantity.POWER_MICROWATTS),
                Phase.LOAD,
                100,
                20_000,
                _ -> watts * 1_000_000L);
    }

    private static EnergySeries memory(String device, long bytes) {
        EnergyChannel channel =
                new EnergyChannel(
                        "m/" + device, null, device, device, Quantity.WORKER_MEMORY_BYTES, null);
        return series(channel, Phase.LOAD, 1000, 20_000, _ -> bytes);
    }
}
