package io.rackmark.runner.energy;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySeries.Phase;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree of counters whose values and time the test sets: from the file to the joule. */
class SampleLogTest {
    private static final String COUNTER = "class/powercap/intel-rapl:0/energy_uj";
    private static final long RANGE = 65532610987L;
    private static final long S = 1_000_000_000;

    @TempDir private Path root;

    private long now = 500 * S;

    @Test
    void aWrapInTheMiddleOfARunIsFollowed() {
        // 30 W; the counter begins 5 s before its range ends.
        EnergySeries series = sampled(20, s -> (RANGE - 150_000_000 + s * 30_000_000) % RANGE);

        assertThat(series.values().getFirst()).isGreaterThan(series.values().getLast());
        assertThat(WindowEnergy.of(series, seconds(2, 18)).joules()).isEqualTo(480);
    }

    @Test
    void aCounterThatStandsStillYieldsNoJoules() {
        EnergySeries series = sampled(20, _ -> 7_654_321_098L);

        assertThat(WindowEnergy.of(series, seconds(2, 18)).reason())
                .isEqualTo("the counter stood still");
    }

    @Test
    void readingsThatFailLeaveAGap() {
        SysfsTree tree = new SysfsTree(root, "amd-package.tree");
        SampleLog log = log(tree);
        for (int s = 0; s <= 20; s++) {
            tree.set(COUNTER, s > 7 && s < 12 ? "busy" : Long.toString(s * 30_000_000L));
            take(log);
        }
        EnergySeries series = log.series(Phase.LOAD).getFirst();

        assertThat(series.values()).hasSize(17);
        assertThat(WindowEnergy.of(series, seconds(2, 18)).reason())
                .isEqualTo("a gap of 5.0 s between samples; at most 3 s");
        assertThat(WindowEnergy.of(series, seconds(13, 19)).joules()).isEqualTo(180);
    }

    @Test
    void aChannelWithoutAnyReadingIsLeftOut() {
        SysfsTree tree = new SysfsTree(root, "amd-package.tree");
        SampleLog log = log(tree);
        tree.set(COUNTER, "busy");
        take(log);

        assertThat(log.series(Phase.LOAD)).isEmpty();
    }

    @Test
    void aStampIsTheMiddleOfItsReading() {
        long[] clock = {0, 100, 160};
        int[] asked = {0};
        Meter meter = open(new SysfsTree(root, "amd-package.tree"));
        SampleLog log = new SampleLog(meter, () -> clock[asked[0]++]);
        log.take(-1);

        assertThat(log.series(Phase.LOAD).getFirst().nanosAfterStart()).containsExactly(130L);
    }

    private EnergySeries sampled(int seconds, java.util.function.LongUnaryOperator counterAt) {
        SysfsTree tree = new SysfsTree(root, "amd-package.tree");
        SampleLog log = log(tree);
        for (int s = 0; s <= seconds; s++) {
            tree.set(COUNTER, Long.toString(counterAt.applyAsLong(s)));
            take(log);
        }
        return log.series(Phase.LOAD).getFirst();
    }

    private void take(SampleLog log) {
        log.take(-1);
        now += S;
    }

    private SampleLog log(SysfsTree tree) {
        return new SampleLog(open(tree), () -> now);
    }

    private static Meter open(SysfsTree tree) {
        return Objects.requireNonNull(RaplFinder.find(tree.sysfs()).opened());
    }

    private static Span seconds(int from, int to) {
        return new Span((500 + from) * S, (500 + to) * S);
    }
}
