package io.rackmark.runner.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.testkit.ScriptedServer;
import io.rackmark.runner.report.DaySummary;
import io.rackmark.runner.report.RunReport;
import io.rackmark.runner.report.RunSummary;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.run.ProbeTime;
import io.rackmark.runner.run.ResultLookup;
import io.rackmark.runner.store.ResultStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are spread over a day which passes only while they wait. */
class ScheduledRunTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-11-25T00:00:00Z");

    @TempDir private Path folder;

    /** Passes while somebody waits; may stop somebody's wait. */
    private static final class Day {
        private Instant now = MIDNIGHT;
        private Instant end = Instant.MAX;

        ProbeTime time() {
            return new ProbeTime(() -> now, this::sleep);
        }

        private void sleep(Duration time) throws InterruptedException {
            now = now.plus(time);
            if (now.isAfter(end)) {
                throw new InterruptedException("the machine is switched off");
            }
        }
    }

    @Test
    void eachProbeBeginsWhenItIsDue() throws Exception {
        Endpoints endpoints = new Endpoints(folder);
        List<String> waits = new ArrayList<>();
        Endpoints.Silence view =
                new Endpoints.Silence() {
                    @Override
                    public void waiting(int probe, int probes, Instant due, Duration left) {
                        String line = "%d/%d %s".formatted(probe, probes, due);
                        if (!waits.contains(line)) {
                            waits.add(line);
                        }
                    }
                };
        try (ScriptedServer server = server();
                ResultStore store = endpoints.store()) {
            RunRecord run = endpoints.run(store, plan(server), view, new Day().time());

            assertThat(waits)
                    .containsExactly(
                            "2/4 2026-11-25T00:30:00Z",
                            "3/4 2026-11-25T01:00:00Z",
                            "4/4 2026-11-25T01:30:00Z");
            assertThat(begun(store, run))
                    .containsExactly(
                            "2026-11-25T00:00:00Z",
                            "2026-11-25T00:30:00Z",
                            "2026-11-25T01:00:00Z",
                            "2026-11-25T01:30:00Z");
            RunSummary summary = ResultLookup.summary(store, run);
            DaySummary day = Objects.requireNonNull(summary.systems().getFirst().day());
            assertThat(day.hours()).extracting(DaySummary.HourSummary::hour).containsExactly(0, 1);
            assertThat(day.hours())
                    .extracting(DaySummary.HourSummary::probes)
                    .containsExactly(2, 2);
            assertThat(day.hours()).allMatch(hour -> hour.requests() == 12);
            assertThat(day.hours().getFirst().figure("ttft").orElseThrow().value()).isPositive();
            assertThat(day.figures())
                    .filteredOn(f -> f.metric().equals("ttft") && f.statistic().equals("p75"))
                    .allSatisfy(f -> assertThat(f.value()).isPositive());
            assertThat(day.figures())
                    .filteredOn(f -> f.statistic().equals("p90"))
                    .allSatisfy(f -> assertThat(f.reason()).isEqualTo("needs n >= 64, have 24"));
            assertThat(RunReport.of(summary))
                    .contains("by hour of day", "local time was UTC", "over the day");
        }
    }

    @Test
    void afterAnInterruptionOneMissedProbeIsRunAndTheOthersAreDropped() throws Exception {
        Endpoints endpoints = new Endpoints(folder);
        try (ScriptedServer server = server();
                ResultStore store = endpoints.store()) {
            String plan = plan(server).replace("every: 30m, for: 2h", "every: 30m, for: 3h");
            Day first = new Day();
            first.end = MIDNIGHT.plus(Duration.ofMinutes(10));
            RunRecord interrupted =
                    endpoints.run(store, plan, new Endpoints.Silence(), first.time());
            assertThat(Thread.interrupted()).isTrue();
            assertThat(interrupted.state()).isEqualTo(RunRecord.State.INTERRUPTED);

            Day later = new Day();
            later.now = MIDNIGHT.plus(Duration.ofMinutes(95)); // three have passed
            RunRecord run = endpoints.resume(store, new Endpoints.Silence(), later.time());

            assertThat(run.state()).isEqualTo(RunRecord.State.DONE);
            assertThat(begun(store, run))
                    .containsExactly(
                            "2026-11-25T00:00:00Z",
                            "2026-11-25T01:35:00Z",
                            "2026-11-25T02:00:00Z",
                            "2026-11-25T02:30:00Z");
            assertThat(store.cells(run.id()))
                    .extracting(CellRecord::state)
                    .containsExactly(
                            CellRecord.State.DONE,
                            CellRecord.State.DONE,
                            CellRecord.State.DROPPED,
                            CellRecord.State.DROPPED,
                            CellRecord.State.DONE,
                            CellRecord.State.DONE);
            assertThat(ResultLookup.summary(store, run).flags())
                    .filteredOn(flag -> flag.kind() == Flag.Kind.MISSED_PROBES)
                    .singleElement()
                    .satisfies(
                            flag ->
                                    assertThat(flag.message())
                                            .contains("Of 6 probes", ": 3, 4 (due 2026-11-25T01"));
            int asked = server.requests().size();
            endpoints.resume(store, new Endpoints.Silence(), later.time());
            assertThat(server.requests()).as("dropped is dropped").hasSize(asked);
        }
    }

    private static List<String> begun(ResultStore store, RunRecord run) {
        return store.cells(run.id()).stream()
                .map(cell -> cell.fact(CellRecord.BEGUN))
                .flatMap(Optional::stream)
                .toList();
    }

    private static ScriptedServer server() throws Exception {
        return ScriptedServer.start(
                ServerSocketFactory.getDefault(),
                request -> Endpoints.right(request, Duration.ZERO));
    }

    private static String plan(ScriptedServer server) {
        return Stream.of(
                        "systems: [{url: '%s', model: m}]".formatted(server.url()),
                        "sql: {limit: 6}",
                        "schedule: {every: 30m, for: 2h}")
                .reduce("", (lines, line) -> lines + line + "\n");
    }
}
