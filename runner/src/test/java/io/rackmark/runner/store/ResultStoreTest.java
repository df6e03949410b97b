package io.rackmark.runner.store;

import static io.rackmark.runner.store.SampleRecords.CELLS;
import static io.rackmark.runner.store.SampleRecords.RUN;
import static io.rackmark.runner.store.SampleRecords.SPEED;
import static io.rackmark.runner.store.SampleRecords.SQL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultStoreTest {
    @TempDir private Path directory;
    private ResultStore store;

    @BeforeEach
    void open() {
        store = ResultStore.open(directory.resolve("new/results.db"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void everyRecordComesBackAsItWasStored() {
        SampleRecords.fill(store);
        store.close();
        store = ResultStore.openExisting(directory.resolve("new/results.db"));
        assertThat(store.runs()).containsExactly(SampleRecords.run());
        assertThat(store.systems(RUN)).isEqualTo(SampleRecords.run().systems());
        assertThat(store.cells(RUN)).containsExactly(SampleRecords.done(), SampleRecords.failed());
        assertThat(store.requests(RUN))
                .containsExactly(
                        SampleRecords.completed(SPEED, "p512 1", 1),
                        SampleRecords.failed(SPEED, SampleRecords.NASTY, 1));
        assertThat(store.questions(RUN)).containsExactly(SampleRecords.question("q1"));
        assertThat(store.energy(RUN)).containsExactly(SampleRecords.energy());
    }

    @Test
    void theEnergyOfAnAttemptIsReplacedAndOtherAttemptsStay() {
        SampleRecords.fill(store);
        EnergyRecord first = SampleRecords.energy();
        EnergyRecord again = with(first, 1, List.of());
        EnergyRecord second = with(first, 2, first.series());
        store.energy(RUN, again);
        store.energy(RUN, second);

        assertThat(store.energy(RUN)).containsExactly(again, second);
        assertThatThrownBy(() -> store.energy("other", first))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("has no cell " + SPEED);
    }

    private static EnergyRecord with(EnergyRecord like, int attempt, List<EnergySeries> series) {
        return new EnergyRecord(
                like.cell(),
                attempt,
                like.wallClock(),
                like.wallClockNanos(),
                like.idle(),
                like.load(),
                series,
                like.unmeasured());
    }

    @Test
    void cellsArePendingInThePlannedOrderUntilWritten() {
        store.create(SampleRecords.run(), List.of(SQL, SPEED));
        store.cell(RUN, SampleRecords.done());
        assertThat(store.cells(RUN)).containsExactly(CellRecord.pending(SQL), SampleRecords.done());
    }

    @Test
    void stateEndAndFlagsOfARunAreReplaced() {
        store.create(SampleRecords.run(), CELLS);
        Instant ended = Instant.parse("2026-11-23T22:20:00Z");
        List<Flag> flags = List.of(new Flag(Flag.Kind.NOISY, "Repeat."));
        store.state(RUN, RunRecord.State.DONE, ended, flags);
        RunRecord run = store.find(RUN);
        assertThat(run.state()).isEqualTo(RunRecord.State.DONE);
        assertThat(run.ended()).isEqualTo(ended);
        assertThat(run.flags()).isEqualTo(flags);
        assertThatThrownBy(() -> store.state("other", RunRecord.State.DONE, null, List.of()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("Run other is not in");
    }

    @Test
    void aRepeatedRequestNeedsAHigherAttempt() {
        store.create(SampleRecords.run(), CELLS);
        store.request(RUN, SampleRecords.completed(SPEED, "p", 1));
        assertThatThrownBy(() -> store.request(RUN, SampleRecords.failed(SPEED, "p", 1)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("already has request 'p', attempt 1, of cell " + SPEED);
        store.request(RUN, SampleRecords.failed(SPEED, "p", 2));
        store.request(RUN, SampleRecords.completed(SQL, "p", 1));
        assertThat(store.requests(RUN)).hasSize(3);
    }

    @Test
    void aQuestionIsStoredOncePerCell() {
        store.create(SampleRecords.run(), CELLS);
        store.question(RUN, SampleRecords.question("q1"));
        store.question(RUN, SampleRecords.question("q2"));
        assertThatThrownBy(() -> store.question(RUN, SampleRecords.question("q1")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("already has question 'q1'");
    }

    @Test
    void recordsOfUnknownRunsCellsAndSystemsAreRefused() {
        store.create(SampleRecords.run(), List.of(SPEED));
        assertThatThrownBy(() -> store.request(RUN, SampleRecords.completed(SQL, "p", 1)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("has no cell " + SQL);
        assertThatThrownBy(
                        () -> store.cell(RUN, CellRecord.pending(new CellKey("other", "sql", 1))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no system 'other'");
        assertThatThrownBy(() -> store.create(SampleRecords.run(), CELLS))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("already in");
        assertThat(store.cells(RUN)).hasSize(1);
    }

    @Test
    void aRunWithAnUnknownCellIsNotCreatedAtAll() {
        assertThatThrownBy(
                        () ->
                                store.create(
                                        SampleRecords.run(),
                                        List.of(SPEED, new CellKey("other", "sql", 1))))
                .isInstanceOf(StoreException.class);
        assertThat(store.runs()).isEmpty();
        store.create(SampleRecords.run(), CELLS);
        assertThat(store.runs()).hasSize(1);
    }

    @Test
    void runsAreFoundByIdUniquePrefixOrAsTheLatest() {
        Instant start = Instant.parse("2026-11-23T10:00:00Z");
        assertThatThrownBy(() -> store.find("latest")).hasMessageContaining("holds no runs");
        store.create(SampleRecords.run("20261123-a", start.plusSeconds(60)), CELLS);
        store.create(SampleRecords.run("20261123-ab", start), CELLS);
        store.create(SampleRecords.run("20261122-c", start.plusMillis(500)), CELLS);
        assertThat(store.find("latest").id()).isEqualTo("20261123-a");
        assertThat(store.find("20261123-a").id()).isEqualTo("20261123-a");
        assertThat(store.find("20261122").id()).isEqualTo("20261122-c");
        assertThatThrownBy(() -> store.find("20261123"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("fits 2 runs")
                .hasMessageContaining("20261123-a, 20261123-ab");
        assertThatThrownBy(() -> store.find("x%"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("No run in")
                .hasMessageContaining("20261122-c");
    }

    @Test
    void aRunIdThatIsNoFileNameIsRefused() {
        for (String id : List.of("../x", "", "latest", "a b", "x".repeat(65))) {
            RunRecord run = SampleRecords.run(id, Instant.EPOCH);
            assertThatThrownBy(() -> store.create(run, CELLS))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is not a run id");
        }
    }

    @Test
    void tokenTimesOfAnySizeSurvive() {
        store.create(SampleRecords.run(), CELLS);
        Random random = new Random(1);
        List<RequestRecord> written = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            RequestRecord like = SampleRecords.completed(SPEED, "p" + i, 1);
            RequestRecord request =
                    new RequestRecord(
                            SPEED,
                            like.label(),
                            1,
                            like.phase(),
                            like.state(),
                            random.nextLong(),
                            random.longs(random.nextInt(40)).boxed().toList(),
                            1,
                            "ff",
                            2,
                            null,
                            null,
                            null,
                            null);
            store.request(RUN, request);
            written.add(request);
        }
        assertThat(store.requests(RUN)).isEqualTo(written);
    }

    @Test
    void brokenSurrogatesInModelOutputDoNotBreakTheStore() {
        store.create(SampleRecords.run(), CELLS);
        store.request(RUN, SampleRecords.failed(SPEED, "half \ud83d emoji", 1));
        assertThat(store.requests(RUN).getFirst().label()).isEqualTo("half ? emoji");
    }
}
