package io.rackmark.runner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.runner.plan.Durations;
import io.rackmark.runner.plan.SchedulePlan;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ProbeScheduleTest {
    private static final Instant START = Instant.parse("2026-11-25T08:00:00Z");
    private static final ProbeSchedule HOURLY =
            ProbeSchedule.of(START, new SchedulePlan(3600, 6 * 3600));

    @Test
    void theNextProbeIsWaitedFor() {
        assertThat(next("08:00:00", 1, 2, 3)).isEqualTo(step(1));
        assertThat(next("08:00:01", 2, 3)).isEqualTo(step(2));
        assertThat(HOURLY.due(2)).isEqualTo("2026-11-25T09:00:00Z");
    }

    @Test
    void aProbeThatIsLateRunsBeforeTheNext() {
        assertThat(next("09:59:59", 2, 3)).isEqualTo(step(2));
    }

    @Test
    void ofSeveralPassedProbesTheFirstRunsAndTheOthersAreDropped() {
        assertThat(next("11:00:00", 2, 3, 4, 5, 6)).isEqualTo(step(2, 3, 4));
        assertThat(next("23:00:00", 3, 5, 6)).isEqualTo(step(3, 5, 6));
        assertThat(next("23:00:00", 6)).isEqualTo(step(6));
    }

    @Test
    void probesFillTheTimeAndNoMore() {
        assertThat(new SchedulePlan(1800, 86_400).probes()).isEqualTo(48);
        assertThat(new SchedulePlan(3600, 5400).probes()).isEqualTo(2);
        assertThat(new SchedulePlan(60, 60).probes()).isEqualTo(1);
        assertThatThrownBy(() -> new SchedulePlan(60, 59)).hasMessageContaining("not shorter");
        assertThatThrownBy(() -> new SchedulePlan(1, 86_400)).hasMessageContaining("at most 1000");
    }

    @Test
    void durationsAreWrittenWithTheirUnit() {
        assertThat(Durations.seconds("90s")).contains(90);
        assertThat(Durations.seconds("30m")).contains(1800);
        assertThat(Durations.seconds("24h")).contains(86_400);
        assertThat(Durations.seconds("2d")).contains(172_800);
        for (String wrong : List.of("30", "0m", "-1h", "1.5h", "", "h", "9999999s", "400d")) {
            assertThat(Durations.seconds(wrong)).as(wrong).isEmpty();
        }
    }

    private static ProbeSchedule.Step next(String time, Integer... pending) {
        return HOURLY.next(
                Instant.parse("2026-11-25T" + time + "Z"), new TreeSet<>(List.of(pending)));
    }

    private static ProbeSchedule.Step step(int probe, Integer... dropped) {
        return new ProbeSchedule.Step(probe, List.of(dropped));
    }
}
