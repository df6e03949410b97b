package io.rackmark.runner.energy.wall;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.energy.SourceEnergy;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.EnergyGrade;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.EnergyRecord.Unmeasured;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySource;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WallImportTest {
    private static final long S = 1_000_000_000;
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    /** The monotonic clock was at 77 s at noon; idle 12:00:05–12:00:17, load 12:00:20–12:00:40. */
    private static final EnergyRecord RECORD =
            new EnergyRecord(
                    new CellKey("e/m/f16", "speed", 1),
                    1,
                    NOON,
                    77 * S,
                    new Span(82 * S, 94 * S),
                    new Span(97 * S, 117 * S),
                    List.of(),
                    List.of());

    @Test
    void theLogIsLaidOverTheCellByTheWallClock() {
        // 30 W while idle, 110 W from 12:00:18 on.
        EnergyRecord record = new WallImport(log(0, 60, 18)).with(RECORD);

        SourceEnergy energy = SourceEnergy.of(record, new Span(100 * S, 115 * S)).getFirst();

        assertThat(energy.source()).isEqualTo(EnergySource.WALL_CSV);
        assertThat(energy.load().joules()).isEqualTo(15 * 110);
        assertThat(energy.load().grade()).isEqualTo(EnergyGrade.A);
        assertThat(energy.idleWatts()).isEqualTo(30);
        assertThat(energy.netJoules()).isEqualTo(15 * 80);
    }

    @Test
    void onlyTheSamplesOfTheCellAndOneBeyondEachEndAreKept() {
        EnergySeries load =
                new WallImport(log(0, 600, 18))
                        .with(RECORD)
                        .series(EnergySource.WALL_CSV.id(), EnergySeries.Phase.LOAD)
                        .orElseThrow();

        assertThat(load.values()).hasSize(21);
        assertThat(load.startNanos() + load.nanosAfterStart().getFirst()).isEqualTo(97 * S);
        assertThat(load.startNanos() + load.nanosAfterStart().getLast()).isEqualTo(117 * S);
    }

    @Test
    void aLogThatEndsBeforeTheWindowDoesNotCoverIt() {
        EnergyRecord record = new WallImport(log(0, 30, 18)).with(RECORD);

        assertThat(SourceEnergy.of(record, new Span(100 * S, 115 * S)).getFirst().load().reason())
                .isEqualTo("the samples do not cover the window");
    }

    @Test
    void aLogOfAnotherTimeIsToldWithBothTimes() {
        EnergyRecord record = new WallImport(log(3600, 3660, 18)).with(RECORD);

        assertThat(record.series()).isEmpty();
        assertThat(record.unmeasured())
                .containsExactly(
                        new Unmeasured(
                                "wall",
                                "the log covers 2026-11-24T13:00:00Z to 2026-11-24T13:01:00Z, the"
                                    + " cell ran from 2026-11-24T12:00:20Z; check the meter's clock"
                                    + " and time zone"));
    }

    @Test
    void anImportReplacesAnEarlierOne() {
        EnergyRecord first = new WallImport(log(3600, 3660, 18)).with(RECORD);

        EnergyRecord second = new WallImport(log(0, 60, 18)).with(first);

        assertThat(second.unmeasured()).isEmpty();
        assertThat(new WallImport(log(0, 60, 18)).with(second)).isEqualTo(second);
    }

    @Test
    void aHoleInTheLogInvalidatesTheWindow() {
        WallLog log = log(0, 60, 18);
        List<Integer> kept =
                java.util.stream.IntStream.range(0, 61)
                        .filter(i -> i < 25 || i > 28)
                        .boxed()
                        .toList();
        WallLog holed =
                new WallLog(
                        log.column(),
                        log.quantity(),
                        kept.stream().map(log.epochNanos()::get).toList(),
                        kept.stream().map(log.values()::get).toList());

        EnergyRecord record = new WallImport(holed).with(RECORD);

        assertThat(
                        Objects.requireNonNull(
                                SourceEnergy.of(record, new Span(100 * S, 115 * S))
                                        .getFirst()
                                        .load()
                                        .reason()))
                .startsWith("a gap of 5.0 s");
    }

    /** A sample a second between two seconds after noon: 30 W, then 110 W from a second on. */
    private static WallLog log(long from, long to, long loadFrom) {
        String rows =
                LongStream.rangeClosed(from, to)
                        .mapToObj(s -> NOON.plusSeconds(s) + "," + (s < loadFrom ? 30 : 110))
                        .collect(Collectors.joining("\n"));
        return WallCsv.parse("w.csv", "time,W\n" + rows + "\n", ZoneOffset.UTC);
    }
}
