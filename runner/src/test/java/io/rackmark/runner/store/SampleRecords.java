package io.rackmark.runner.store;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySource;
import io.rackmark.runner.result.Environment;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.LifeCycle;
import io.rackmark.runner.result.Memory;
import io.rackmark.runner.result.Property;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.result.SqlExecution;
import io.rackmark.runner.result.SystemUnderTest;
import io.rackmark.runner.result.Turn;
import io.rackmark.runner.result.TurnCost;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A run in which every component is set in one record and null in another where it may be. */
final class SampleRecords {
    static final String RUN = "20261123-221500-3f9a";
    static final String SYSTEM = "llamacpp/embedded/f16";
    static final CellKey SPEED = new CellKey(SYSTEM, "speed", 1);
    static final CellKey SQL = new CellKey(SYSTEM, "sql", 1);
    static final List<CellKey> CELLS = List.of(SPEED, SQL);

    /** Characters that JSON, SQL and UTF-8 treat specially. */
    static final String NASTY = "a\"b\\c'd\n\r\t\u0000\u0001\u2028 é 中 😀 <&>";

    private SampleRecords() {}

    static RunRecord run(String id, Instant started) {
        return new RunRecord(
                id,
                1,
                "0.1.0",
                started,
                null,
                RunRecord.State.RUNNING,
                "{\"name\":\"default\",\"temperature\":0.10,\"seed\":12345678901234567890}",
                List.of(
                        new SystemUnderTest(
                                SYSTEM, "llamacpp", "embedded", "f16", "aa", "bb", false, Map.of()),
                        new SystemUnderTest(
                                "llamacpp/synth/f16",
                                "llamacpp",
                                "synth",
                                "f16",
                                "cc",
                                "dd",
                                true,
                                Map.of("threads", "2", "batch", "8"))),
                new Environment(
                        "Linux 6",
                        "amd64",
                        NASTY,
                        2,
                        8_000_000_000L,
                        "25",
                        null,
                        0.25,
                        List.of(new Property("kernel", "6.1"))),
                List.of(new Flag(Flag.Kind.GOVERNOR, "Set it.")));
    }

    static RunRecord run() {
        return run(RUN, Instant.parse("2026-11-23T22:15:00.123456789Z"));
    }

    static CellRecord done() {
        return new CellRecord(
                SPEED,
                CellRecord.State.DONE,
                new LifeCycle(1L, 2L, 3L, LifeCycle.PageCache.COLD, null, 5L),
                new Memory(1L, 2L, 3L, 4L, null, null, 0L),
                null,
                List.of(new Property("library", "b4916")),
                List.of(new Flag(Flag.Kind.GC_PAUSE, "Seen.")));
    }

    static CellRecord failed() {
        return new CellRecord(
                SQL,
                CellRecord.State.FAILED,
                null,
                null,
                new CellRecord.Failure("CRASH", "Signal 11.", null, List.of("log", NASTY)),
                List.of(),
                List.of());
    }

    static RequestRecord completed(CellKey cell, String label, int attempt) {
        long sent = -5_000_000_000L; // the origin of the monotonic clock is arbitrary
        return new RequestRecord(
                cell,
                label,
                attempt,
                RequestRecord.Phase.MEASURED,
                RequestRecord.State.COMPLETED,
                sent,
                List.of(sent + 20_000_000, sent + 25_000_000, sent + 40_000_000),
                512,
                "ee",
                3,
                "LENGTH",
                new RequestRecord.Phases(1, 2, 3, 4, 5, 6, 7),
                9L,
                null);
    }

    static RequestRecord failed(CellKey cell, String label, int attempt) {
        return new RequestRecord(
                cell,
                label,
                attempt,
                RequestRecord.Phase.WARM_UP,
                RequestRecord.State.FAILED,
                Long.MAX_VALUE,
                List.of(),
                512,
                "ee",
                0,
                null,
                null,
                null,
                NASTY);
    }

    static QuestionRecord question(String id) {
        TurnCost cost =
                new TurnCost(100, 20, null, "stop", "r1", List.of("r0"), 1, 1_000, 200, 30, 60L);
        TurnCost refused = new TurnCost(null, null, null, null, null, List.of(), 5, 0, 0, 40, null);
        List<Turn> turns =
                List.of(
                        new Turn(
                                0,
                                List.of(new Turn.Line("user", NASTY)),
                                "{\"sql\":\"SELECT 1\"}",
                                "SELECT 1",
                                null,
                                true,
                                new SqlExecution(
                                        SqlExecution.Kind.ROWS,
                                        null,
                                        2,
                                        List.of("x", "y"),
                                        List.of(Arrays.asList("1", null), List.of("2", NASTY))),
                                null,
                                cost),
                        new Turn(1, List.of(), null, null, null, null, null, "429", refused));
        return new QuestionRecord(
                SQL,
                new QuestionLedger(
                        id,
                        "easy",
                        turns,
                        "SELECT 1",
                        QuestionLedger.Outcome.ANSWERED,
                        true,
                        null,
                        false,
                        true,
                        1,
                        1_300,
                        1_000,
                        200,
                        70,
                        30,
                        null,
                        20,
                        -4_000_000_000L,
                        60L));
    }

    static EnergyRecord energy() {
        EnergyChannel counter =
                new EnergyChannel(
                        "rapl-package/0",
                        EnergySource.RAPL_PACKAGE,
                        NASTY,
                        "cpu0",
                        Quantity.ENERGY_MICROJOULES,
                        262143328850L);
        EnergyChannel clock =
                new EnergyChannel(
                        "nvml/0/sm-clock",
                        null,
                        "GPU 0",
                        "gpu0",
                        Quantity.SM_CLOCK_MEGAHERTZ,
                        null);
        return new EnergyRecord(
                SPEED,
                1,
                Instant.parse("2026-11-23T22:15:01.000000001Z"),
                -5_000_000_000L,
                new EnergyRecord.Span(-17_000_000_000L, -6_000_000_000L),
                null,
                List.of(
                        new EnergySeries(
                                counter,
                                EnergySeries.Phase.IDLE,
                                -17_000_000_000L,
                                List.of(-1L, 100_000_000L),
                                List.of(262143328000L, 150L)),
                        new EnergySeries(
                                clock, EnergySeries.Phase.LOAD, 0, List.of(5L), List.of(1980L))),
                List.of(new EnergyRecord.Unmeasured("hwmon", NASTY)));
    }

    /** A store with one run that holds one of everything. */
    static void fill(ResultStore store) {
        store.create(run(), CELLS);
        store.cell(RUN, done());
        store.cell(RUN, failed());
        store.request(RUN, completed(SPEED, "p512 1", 1));
        store.request(RUN, failed(SPEED, NASTY, 1));
        store.question(RUN, question("q1"));
        store.energy(RUN, energy());
    }
}
