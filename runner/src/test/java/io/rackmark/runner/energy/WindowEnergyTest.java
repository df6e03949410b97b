package io.rackmark.runner.energy;

import static io.rackmark.runner.energy.ScriptedSeries.channel;
import static io.rackmark.runner.energy.ScriptedSeries.counter;
import static io.rackmark.runner.energy.ScriptedSeries.series;
import static io.rackmark.runner.energy.ScriptedSeries.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergyGrade;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySeries.Phase;
import io.rackmark.runner.result.EnergySource;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class WindowEnergyTest {

    @Test
    void aCounterUnderConstantPowerYieldsItsJoulesBetweenTheSamplesToo() {
        EnergySeries series = counter(EnergySource.RAPL_PACKAGE, 40, 20_000);

        assertThat(WindowEnergy.of(series, span(1_000, 16_000)).joules()).isEqualTo(600);
        assertThat(WindowEnergy.of(series, span(1_025, 16_050)).joules()).isEqualTo(601);
        assertThat(WindowEnergy.of(series, span(1_000, 16_000)).watts()).isEqualTo(40);
    }

    @Test
    void powerIsIntegratedByTrapezoidsWithInterpolatedEdges() {
        // 0 W at 0 s, rising by 10 W a second: energy to t is 5 t² joules.
        EnergySeries series = power(100, 30_000, ms -> ms * 10_000);

        assertThat(WindowEnergy.of(series, span(0, 20_000)).joules()).isEqualTo(2000);
        assertThat(WindowEnergy.of(series, span(10_000, 30_000)).joules()).isEqualTo(4000);
        assertThat(WindowEnergy.of(series, span(10_050, 20_050)).joules())
                .isEqualTo(5 * (20.05 * 20.05 - 10.05 * 10.05), within());
    }

    @Test
    void aStepOfPowerCountsFromTheMiddleOfItsSegment() {
        EnergySeries series = power(1000, 20_000, ms -> ms < 10_000 ? 0 : 100_000_000);

        // 0 W until 9 s, 100 W from 10 s on: half a second of the segment between.
        assertThat(WindowEnergy.of(series, span(0, 20_000)).joules()).isEqualTo(1050);
    }

    @Test
    void aWindowUnderTenSecondsIsShort() {
        EnergySeries series = counter(EnergySource.NVML_COUNTER, 40, 20_000);

        assertThat(WindowEnergy.of(series, span(0, 9_999)).grade()).isEqualTo(EnergyGrade.SHORT);
        assertThat(WindowEnergy.of(series, span(0, 10_000)).grade()).isEqualTo(EnergyGrade.B);
    }

    @Test
    void aCounterWithFewStepsIsShortHoweverLongTheWindow() {
        // One step of 3.6 kJ a minute and a half: the resolution of 0.001 kWh at 40 W.
        EnergySeries series =
                series(
                        channel(EnergySource.WALL_CSV, "wall", Quantity.ENERGY_MICROJOULES),
                        Phase.LOAD,
                        1000,
                        600_000,
                        ms -> ms / 90_000 * 3_600_000_000L);

        assertThat(WindowEnergy.of(series, span(0, 600_000)).grade()).isEqualTo(EnergyGrade.SHORT);
    }

    @Test
    void gradesFollowTheSourceAndTheQuantity() {
        assertThat(grade(EnergySource.RAPL_PACKAGE, Quantity.ENERGY_MICROJOULES))
                .isEqualTo(EnergyGrade.B);
        assertThat(grade(EnergySource.HWMON, Quantity.ENERGY_MICROJOULES)).isEqualTo(EnergyGrade.B);
        assertThat(grade(EnergySource.HWMON, Quantity.POWER_MICROWATTS)).isEqualTo(EnergyGrade.C);
        assertThat(grade(EnergySource.NVML_INTEGRATED, Quantity.POWER_MICROWATTS))
                .isEqualTo(EnergyGrade.C);
        assertThat(grade(EnergySource.IPMI_DCMI, Quantity.POWER_MICROWATTS))
                .isEqualTo(EnergyGrade.C);
        assertThat(grade(EnergySource.WALL_CSV, Quantity.POWER_MICROWATTS))
                .isEqualTo(EnergyGrade.A);
        assertThat(grade(EnergySource.ESTIMATED_TDP, Quantity.ENERGY_MICROJOULES))
                .isEqualTo(EnergyGrade.E);
    }

    @Test
    void aGapOverThreeSecondsInvalidatesTheWindowsThatTouchIt() {
        EnergySeries full = counter(EnergySource.RAPL_PACKAGE, 40, 40_000);
        EnergySeries gap = without(full, 15_000, 18_000);

        WindowEnergy touched = WindowEnergy.of(gap, span(1_000, 30_000));

        assertThat(touched.joules()).isNull();
        assertThat(touched.grade()).isNull();
        assertThat(touched.reason()).isEqualTo("a gap of 3.2 s between samples; at most 3 s");
        assertThat(WindowEnergy.of(gap, span(19_000, 30_000)).joules()).isEqualTo(440);
        assertThat(WindowEnergy.of(without(full, 15_000, 17_700), span(1_000, 30_000)).joules())
                .isEqualTo(1160);
    }

    @Test
    void aWindowThatTheSamplesDoNotCoverHasNoEnergy() {
        EnergySeries series = counter(EnergySource.RAPL_PACKAGE, 40, 20_000);

        assertThat(WindowEnergy.of(series, span(10_000, 20_001)).reason())
                .isEqualTo("the samples do not cover the window");
        assertThat(WindowEnergy.of(series, span(-1, 15_000)).joules()).isNull();
        assertThat(WindowEnergy.of(series, span(5_000, 5_000)).reason())
                .isEqualTo("the window is empty");
    }

    @Test
    void aCounterThatStandsStillIsNotZeroJoules() {
        WindowEnergy still =
                WindowEnergy.of(counter(EnergySource.RAPL_PACKAGE, 0, 20_000), span(0, 20_000));

        assertThat(still.joules()).isNull();
        assertThat(still.reason()).isEqualTo("the counter stood still");
        assertThat(WindowEnergy.of(power(100, 20_000, _ -> 0), span(0, 20_000)).reason())
                .isEqualTo("the meter told 0 W throughout");
    }

    @Test
    void aCounterThatWasResetIsInvalid() {
        // A driver that is loaded again: without a range, and with one that it cannot have reached.
        LongUnaryOperator reset = ms -> 200_000_000_000L * (ms < 10_000 ? 1 : 0) + ms * 40_000;
        EnergySeries noRange =
                series(
                        channel(EnergySource.NVML_COUNTER, "g", Quantity.ENERGY_MICROJOULES),
                        Phase.LOAD,
                        100,
                        20_000,
                        reset);
        EnergySeries range =
                new EnergySeries(
                        new io.rackmark.runner.result.EnergyChannel(
                                "r",
                                EnergySource.RAPL_PACKAGE,
                                "r",
                                "r",
                                Quantity.ENERGY_MICROJOULES,
                                262143328850L),
                        Phase.LOAD,
                        noRange.startNanos(),
                        noRange.nanosAfterStart(),
                        noRange.values());

        for (EnergySeries series : List.of(noRange, range)) {
            assertThat(WindowEnergy.of(series, span(0, 20_000)).reason())
                    .isEqualTo("the counter was reset during the run");
        }
    }

    @Test
    void twoSocketsAddUpAndTheWorseGradeCounts() {
        WindowEnergy good = new WindowEnergy(30.0, 12, EnergyGrade.B, null);
        WindowEnergy worse = new WindowEnergy(12.0, 12, EnergyGrade.C, null);

        assertThat(good.plus(worse)).isEqualTo(new WindowEnergy(42.0, 12, EnergyGrade.C, null));
        assertThat(good.plus(WindowEnergy.invalid(12, "gap")).reason()).isEqualTo("gap");
        assertThat(WindowEnergy.invalid(12, "gap").plus(good).joules()).isNull();
    }

    @Test
    void anEmptySeriesHasNoEnergy() {
        EnergySeries none =
                new EnergySeries(
                        channel(EnergySource.HWMON, "h", Quantity.POWER_MICROWATTS),
                        Phase.LOAD,
                        0,
                        List.of(),
                        List.of());

        assertThat(WindowEnergy.of(none, span(0, 10_000)).joules()).isNull();
    }

    private static EnergyGrade grade(EnergySource source, Quantity quantity) {
        EnergySeries series =
                series(channel(source, "d", quantity), Phase.LOAD, 100, 20_000, ms -> 1 + ms);
        EnergyGrade grade = WindowEnergy.of(series, span(0, 20_000)).grade();
        assertThat(grade).isNotNull();
        return grade == null ? EnergyGrade.E : grade;
    }

    private static EnergySeries power(int step, int end, LongUnaryOperator microwatts) {
        return series(
                channel(EnergySource.NVML_INTEGRATED, "g", Quantity.POWER_MICROWATTS),
                Phase.LOAD,
                step,
                end,
                microwatts);
    }

    /** Without the samples from one millisecond to another, both included. */
    private static EnergySeries without(EnergySeries series, long fromMs, long toMs) {
        List<Integer> kept =
                java.util.stream.IntStream.range(0, series.values().size())
                        .filter(
                                i -> {
                                    long ms = series.nanosAfterStart().get(i) / 1_000_000;
                                    return ms < fromMs || ms > toMs;
                                })
                        .boxed()
                        .toList();
        return new EnergySeries(
                series.channel(),
                series.phase(),
                series.startNanos(),
                kept.stream().map(series.nanosAfterStart()::get).toList(),
                kept.stream().map(series.values()::get).toList());
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-9);
    }
}
