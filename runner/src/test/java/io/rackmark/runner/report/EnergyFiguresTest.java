package io.rackmark.runner.report;

import static io.rackmark.runner.energy.ScriptedSeries.channel;
import static io.rackmark.runner.energy.ScriptedSeries.series;
import static io.rackmark.runner.energy.ScriptedSeries.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.energy.ScriptedSeries;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergyFigure;
import io.rackmark.runner.result.EnergyGrade;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySource;
import io.rackmark.runner.result.Environment;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.result.SystemUnderTest;
import io.rackmark.runner.result.Turn;
import io.rackmark.runner.result.TurnCost;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Cells with scripted meters and requests: every joule and token is known. */
class EnergyFiguresTest {
    private static final String SYSTEM = "engine/model/f16";
    private static final CellKey SPEED = new CellKey(SYSTEM, "speed", 1);
    private static final CellKey SECOND = new CellKey(SYSTEM, "speed", 2);
    private static final CellKey SQL = new CellKey(SYSTEM, "sql", 1);

    private final List<CellRecord> cells = new ArrayList<>();
    private final List<RequestRecord> requests = new ArrayList<>();
    private final List<QuestionRecord> questions = new ArrayList<>();
    private final List<EnergyRecord> energy = new ArrayList<>();

    @Test
    void joulesAreThoseOfTheWindowOfTheTokens() {
        // Measured from 5 s to 25 s at 40 W; 400 tokens in 2 requests. The warm-up does not count.
        cell(SPEED, 1, counter(EnergySource.RAPL_PACKAGE, 40));
        request(SPEED, "warm-up-1", 1, RequestRecord.Phase.WARM_UP, 0, 5_000, 100);
        request(SPEED, "a", 1, RequestRecord.Phase.MEASURED, 5_000, 12_000, 150);
        request(SPEED, "b", 1, RequestRecord.Phase.MEASURED, 13_000, 25_000, 250);

        assertThat(value("energy_gross")).isEqualTo(800);
        assertThat(value("power_mean")).isEqualTo(40);
        assertThat(value("energy_per_output_token")).isEqualTo(2);
        assertThat(value("energy_per_request")).isEqualTo(400);
        assertThat(value("output_speed_per_watt")).isEqualTo(0.5);
        EnergyFigure figure = figure("energy_per_output_token", "rapl-package");
        assertThat(figure.grade()).isEqualTo(EnergyGrade.B);
        assertThat(figure.n()).isEqualTo(1);
        assertThat(figure.windowSeconds()).isEqualTo(20);
        assertThat(figure.scope()).isEqualTo("cpu0");
        assertThat(figure("energy_net", "rapl-package").reason()).contains("--idle-seconds 10");
    }

    @Test
    void idlePowerIsSubtracted() {
        cell(SPEED, 1, counter(EnergySource.RAPL_PACKAGE, 40), idle(15));
        request(SPEED, "a", 1, RequestRecord.Phase.MEASURED, 5_000, 25_000, 100);

        assertThat(value("power_idle")).isEqualTo(15);
        assertThat(value("energy_net")).isEqualTo(500);
        assertThat(value("energy_net_per_output_token")).isEqualTo(5);
    }

    @Test
    void aLoadBelowIdleIsToldAndNotNegative() {
        cell(SPEED, 1, counter(EnergySource.RAPL_PACKAGE, 40), idle(41));
        request(SPEED, "a", 1, RequestRecord.Phase.MEASURED, 5_000, 25_000, 100);

        assertThat(figure("energy_net", "rapl-package").reason())
                .isEqualTo("the load drew no more than the idle baseline");
    }

    @Test
    void cellsAreSummedBeforeTheyAreDividedAndTheWorstGradeCounts() {
        cell(SPEED, 1, counter(EnergySource.RAPL_PACKAGE, 40));
        cell(SECOND, 1, counter(EnergySource.RAPL_PACKAGE, 60));
        request(SPEED, "a", 1, RequestRecord.Phase.MEASURED, 5_000, 25_000, 100);
        request(SECOND, "a", 1, RequestRecord.Phase.MEASURED, 5_000, 10_000, 300);

        assertThat(value("energy_per_output_token")).isEqualTo((800 + 300) / 400.0);
        assertThat(value("power_mean")).isEqualTo(1100 / 25.0);
        EnergyFigure figure = figure("energy_gross", "rapl-package");
        assertThat(figure.n()).isEqualTo(2);
        assertThat(figure.grade()).isEqualTo(EnergyGrade.SHORT);
    }

    @Test
    void aWindowThatIsInvalidTakesItsTokensWithIt() {
        cell(SPEED, 1, counter(EnergySource.RAPL_PACKAGE, 40));
        cell(SECOND, 1, counter(EnergySource.RAPL_PACKAGE, 0));
        request(SPEED, "a", 1, RequestRecord.Phase.MEASURED, 5_000, 25_000, 100);
        request(SECOND, "a", 1, RequestRecord.Phase.MEASURED, 5_000, 25_000, 300);

        assertThat(value("energy_per_output_token")).isEqualTo(8);
        assertThat(figure("energy_gross", "rapl-package").n()).isEqualTo(1);
    }

    @Test
    void whenNoWindowIsValidTheFigureIsNullWithTheReason() {
        cell(SPEED, 1, counter(EnergySource.RAPL_PACKAGE, 0));
        request(SPEED, "a", 1, RequestRecord.Phase.MEASURED, 5_000, 25_000, 100);

        EnergyFigure figure = figure("energy_per_output_token", "rapl-package");

        assertThat(figure.value()).isNull();
        assertThat(figure.grade()).isNull();
        assertThat(figure.reason()).isEqualTo("the counter stood still");
        assertThat(summary().energyMissing()).isEqualTo("rapl-package: the counter stood still");
    }

    @Test
    void requestsOfAnAttemptWithoutReadingsDoNotCount() {
        cell(SPEED, 2, counter(EnergySource.RAPL_PACKAGE, 40));
        request(SPEED, "a", 1, RequestRecord.Phase.MEASURED, 0, 4_000, 999);
        request(SPEED, "b", 2, RequestRecord.Phase.MEASURED, 5_000, 25_000, 100);

        assertThat(value("energy_per_output_token")).isEqualTo(8);
    }

    @Test
    void componentsAreAddedAndKeptApart() {
        cell(
                SPEED,
                1,
                counter(EnergySource.RAPL_PACKAGE, 40),
                counter(EnergySource.RAPL_DRAM, 5),
                counter(EnergySource.NVML_COUNTER, 100),
                power(EnergySource.NVML_INTEGRATED, 102));
        request(SPEED, "a", 1, RequestRecord.Phase.MEASURED, 5_000, 25_000, 100);

        String all = "rapl-package+rapl-dram+nvml-counter";
        assertThat(figure("power_mean", all).value()).isEqualTo(145);
        assertThat(figure("power_mean", "nvml-counter").value()).isEqualTo(100);
        assertThat(figure("power_mean", "nvml-integrated").value()).isEqualTo(102);
        assertThat(RunReport.of(summary())).contains("Energy by " + all);
    }

    @Test
    void joulesPerCorrectAnswerAreAllJoulesOverTheCorrectOnes() {
        cell(SQL, 1, counter(EnergySource.RAPL_PACKAGE, 40));
        request(SQL, "q1/0", 1, RequestRecord.Phase.MEASURED, 5_000, 10_000, 10);
        request(SQL, "q2/0", 1, RequestRecord.Phase.MEASURED, 11_000, 15_000, 10);
        request(SQL, "q2/1", 1, RequestRecord.Phase.MEASURED, 16_000, 25_000, 10);
        question("q1", true, "q1/0");
        question("q2", true, "q2/0", "q2/1");
        question("q3", false, "q3/0");
        question("q4", true, "q4/0"); // answered in an attempt without readings

        assertThat(value("sql_energy_per_correct_answer")).isEqualTo(400);
    }

    @Test
    void withoutACorrectAnswerThereIsNoSuchFigure() {
        cell(SQL, 1, counter(EnergySource.RAPL_PACKAGE, 40));
        request(SQL, "q1/0", 1, RequestRecord.Phase.MEASURED, 5_000, 25_000, 10);
        question("q1", false, "q1/0");

        assertThat(figure("sql_energy_per_correct_answer", "rapl-package").reason())
                .isEqualTo("no answer was correct");
    }

    @Test
    void theWallMeterStandsInTheTableWhereThereIsOne() {
        cell(
                SPEED,
                1,
                counter(EnergySource.RAPL_PACKAGE, 40),
                power(EnergySource.WALL_CSV, 120),
                idle(15));
        request(SPEED, "a", 1, RequestRecord.Phase.MEASURED, 5_000, 25_000, 100);

        String report = RunReport.of(summary());

        assertThat(report).contains("Energy by wall-csv: plug.").contains("24.0").contains(" A\n");
        assertThat(report.lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 100);
    }

    @Test
    void aDisputedFigureIsFlagged() {
        cell(
                SPEED,
                1,
                counter(EnergySource.NVML_COUNTER, 100),
                power(EnergySource.NVML_INTEGRATED, 120));
        request(SPEED, "a", 1, RequestRecord.Phase.MEASURED, 5_000, 25_000, 100);

        assertThat(figure("energy_gross", "nvml-counter").grade()).isEqualTo(EnergyGrade.D);
        assertThat(summary().flags()).extracting(Flag::kind).contains(Flag.Kind.ENERGY);
    }

    @Test
    void aRunWithoutMetersSaysWhyOnOneLine() {
        cells.add(done(SPEED));
        energy.add(
                record(
                        SPEED,
                        1,
                        null,
                        List.of(),
                        List.of(
                                new EnergyRecord.Unmeasured("nvml", "no library"),
                                new EnergyRecord.Unmeasured(
                                        "rapl", "not permitted to read x; allow it with: y"))));

        assertThat(RunReport.of(summary()).lines())
                .contains(
                        "Energy: not measured (rapl: not permitted to read x; allow it with: y);"
                                + " 'rackmark doctor' lists the meters.");
    }

    private double value(String metric) {
        @Nullable Double value = figure(metric, "rapl-package").value();
        assertThat(value).as(metric).isNotNull();
        return value == null ? Double.NaN : value;
    }

    private EnergyFigure figure(String metric, String source) {
        return summary().systems().getFirst().energy(metric, source).orElseThrow();
    }

    private RunSummary summary() {
        RunRecord run =
                new RunRecord(
                        "r",
                        1,
                        "0",
                        Instant.EPOCH,
                        null,
                        RunRecord.State.DONE,
                        "{}",
                        List.of(
                                new SystemUnderTest(
                                        SYSTEM, "engine", "model", "f16", "a", "b", false,
                                        Map.of())),
                        new Environment("os", "arch", "cpu", 2, null, "jvm", null, null, List.of()),
                        List.of());
        return RunSummary.of(run, cells, requests, questions, energy);
    }

    private void cell(CellKey key, int attempt, EnergySeries... series) {
        cells.add(done(key));
        boolean idle = List.of(series).stream().anyMatch(s -> s.phase() == EnergySeries.Phase.IDLE);
        energy.add(record(key, attempt, idle ? span(0, 12_000) : null, List.of(series), List.of()));
    }

    private static CellRecord done(CellKey key) {
        return new CellRecord(key, CellRecord.State.DONE, null, null, null, List.of(), List.of());
    }

    private static EnergyRecord record(
            CellKey key,
            int attempt,
            @Nullable Span idle,
            List<EnergySeries> series,
            List<EnergyRecord.Unmeasured> unmeasured) {
        return new EnergyRecord(
                key, attempt, Instant.EPOCH, 0, idle, span(0, 30_000), series, unmeasured);
    }

    private static EnergySeries counter(EnergySource source, int watts) {
        return series(
                channel(source, device(source), Quantity.ENERGY_MICROJOULES),
                EnergySeries.Phase.LOAD,
                100,
                30_000,
                ms -> ms * watts * 1000);
    }

    private static EnergySeries power(EnergySource source, int watts) {
        return series(
                channel(source, device(source), Quantity.POWER_MICROWATTS),
                EnergySeries.Phase.LOAD,
                1000,
                30_000,
                _ -> watts * 1_000_000L);
    }

    private static EnergySeries idle(int watts) {
        EnergyChannel channel =
                channel(EnergySource.RAPL_PACKAGE, "cpu0", Quantity.ENERGY_MICROJOULES);
        return series(channel, EnergySeries.Phase.IDLE, 100, 12_000, ms -> ms * watts * 1000);
    }

    private static String device(EnergySource source) {
        return switch (source.id().substring(0, 4)) {
            case "nvml" -> "gpu0";
            case "wall" -> "plug";
            default -> "cpu0";
        };
    }

    private void request(
            CellKey cell,
            String label,
            int attempt,
            RequestRecord.Phase phase,
            int sentMs,
            int... lastMsAndTokens) {
        long sent = ScriptedSeries.START + sentMs * 1_000_000L;
        long last = ScriptedSeries.START + lastMsAndTokens[0] * 1_000_000L;
        int tokens = lastMsAndTokens[1];
        requests.add(
                new RequestRecord(
                        cell,
                        label,
                        attempt,
                        phase,
                        RequestRecord.State.COMPLETED,
                        sent,
                        LongStream.range(0, tokens)
                                .mapToObj(i -> last - (tokens - 1 - i) * 1000)
                                .toList(),
                        10,
                        "00",
                        tokens,
                        "LENGTH",
                        null,
                        null,
                        null));
    }

    private void question(String id, boolean correct, String... requestIds) {
        List<Turn> turns =
                List.of(requestIds).stream()
                        .map(
                                request ->
                                        new Turn(
                                                0,
                                                List.of(),
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                new TurnCost(
                                                        1, 1, null, "STOP", request, List.of(), 0,
                                                        1, 1, 0)))
                        .toList();
        questions.add(
                new QuestionRecord(
                        SQL,
                        new QuestionLedger(
                                id,
                                "simple",
                                turns,
                                "SELECT 1",
                                QuestionLedger.Outcome.ANSWERED,
                                correct,
                                correct,
                                true,
                                true,
                                0,
                                2,
                                1,
                                1,
                                0,
                                0,
                                1,
                                1,
                                null,
                                null)));
    }
}
