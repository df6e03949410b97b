package io.rackmark.runner.energy;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySeries.Phase;
import io.rackmark.runner.result.EnergySource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CounterStepsTest {
    private static final long RANGE = 262143328850L;

    @Test
    void aCounterThatWrapsGoesOnFromItsRange() {
        assertThat(CounterSteps.step(RANGE - 100, 250, RANGE)).isEqualTo(350);
        assertThat(CounterSteps.step(100, 250, RANGE)).isEqualTo(150);
        assertThat(CounterSteps.step(250, 250, RANGE)).isZero();
    }

    @Test
    void aCounterThatCannotWrapStepsBack() {
        assertThat(CounterSteps.step(250, 100, null)).isEqualTo(-150);
    }

    @Test
    void aReadingBeyondTheRangeIsNoWrap() {
        assertThat(CounterSteps.step(RANGE + 5, 100, RANGE)).isNegative();
    }

    /** Whatever the range, the start and the steps: the sum of the steps is the true energy. */
    @Test
    void anyNumberOfWrapsYieldsTheTrueEnergy() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            long range = 1_000_000 + random.nextLong(RANGE);
            long most = Math.min(range - 1, 100_000_000); // 1 kW for 100 ms
            long value = random.nextLong(range);
            long energy = 0;
            List<Long> stamps = new ArrayList<>(List.of(0L));
            List<Long> values = new ArrayList<>(List.of(value));
            for (int i = 1; i < 200; i++) {
                long step = random.nextLong(most + 1);
                energy += step;
                value = value + step >= range ? value + step - range : value + step;
                stamps.add(i * 100_000_000L);
                values.add(value);
            }
            EnergySeries series = new EnergySeries(channel(range), Phase.LOAD, 0, stamps, values);

            WindowEnergy whole = WindowEnergy.of(series, new Span(0, stamps.getLast()));

            assertThat(whole.joules()).as("seed %d", seed).isEqualTo(energy / 1e6);
        }
    }

    private static EnergyChannel channel(long range) {
        return new EnergyChannel(
                "rapl-package/0",
                EnergySource.RAPL_PACKAGE,
                "CPU package 0",
                "cpu0",
                Quantity.ENERGY_MICROJOULES,
                range);
    }
}
