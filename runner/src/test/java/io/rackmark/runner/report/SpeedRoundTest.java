package io.rackmark.runner.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RequestRecord.Phase;
import io.rackmark.runner.result.SpeedCase;
import io.rackmark.runner.result.SpeedLabel;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Known token times in, known speeds out. */
class SpeedRoundTest {
    private static final long MS = 1_000_000;
    private static final CellKey CELL = new CellKey("e/m/f16", "speed", 1);
    private static final SpeedCase TWO = new SpeedCase(100, 0, 5, 2);

    @Test
    void theSystemsSpeedIsThatOfTheTimeInWhichAllStreamsDecode() {
        // First stream: tokens at 100, 110 … 140 ms; second: 125, 135 … 165. Both decode from 125
        // to 140, in which 130, 140 and 135 fall: 3 tokens in 15 ms.
        SpeedRound round = round(stream(1, 0, 100, 5, 0), stream(2, 0, 125, 5, 0));

        assertThat(round.systemSpeed()).isEqualTo(200.0);
        // All ten tokens from 0 to 165 ms.
        assertThat(Objects.requireNonNull(round.spanSpeed())).isCloseTo(10 / 0.165, within(1e-9));
    }

    @Test
    void streamsThatNeverDecodeTogetherHaveNoSystemSpeed() {
        assertThat(round(stream(1, 0, 100, 5, 0), stream(2, 0, 300, 5, 0)).systemSpeed()).isNull();
    }

    @Test
    void ofOneStreamItIsTheOutputSpeed() {
        SpeedCase one = new SpeedCase(100, 0, 5, 1);
        RequestRecord request = request(new SpeedLabel(one, 1, 1), 0, 50, 5, 0);

        assertThat(new SpeedRound(CELL, one, List.of(request)).systemSpeed()).isEqualTo(100.0);
        assertThat(SystemFigures.outputSpeed(request)).isEqualTo(100.0);
    }

    @Test
    void aRoundThatLacksAStreamDoesNotCount() {
        List<RequestRecord> requests =
                List.of(
                        stream(1, 0, 100, 5, 0),
                        request(new SpeedLabel(TWO, 2, 1), 0, 100, 5, 0),
                        request(new SpeedLabel(TWO, 2, 2), 0, 100, 5, 0));

        assertThat(SpeedRound.of(requests))
                .singleElement()
                .satisfies(r -> assertThat(r.streams()).hasSize(2));
    }

    @Test
    void whatFillsTheCacheIsNeitherPrefillNorTimeToTheFirstToken() {
        // 1000 tokens filled in 400 ms, 100 prefilled in 40, first token 460 ms after sending.
        SpeedCase deep = new SpeedCase(100, 1000, 5, 1);
        RequestRecord request = request(new SpeedLabel(deep, 1, 1), 7 * MS, 460, 5, 400 * MS);

        assertThat(SystemFigures.ttftNanos(request)).isEqualTo(60 * MS);
        assertThat(SystemFigures.prefillSpeed(request)).isEqualTo(2500.0);
    }

    @Test
    void streamsThatShareTheEngineHaveNoPrefillSpeed() {
        assertThat(SystemFigures.prefillSpeed(stream(1, 0, 100, 5, 0))).isNull();
        CaseSummary summary =
                CaseSummary.of(List.of(round(stream(1, 0, 100, 5, 0), stream(2, 0, 100, 5, 0))))
                        .getFirst();
        assertThat(summary.figure("prefill_speed").orElseThrow().reason())
                .isEqualTo("the streams share it");
        assertThat(summary.figure("system_output_speed").orElseThrow().value()).isEqualTo(200.0);
        assertThat(summary.rounds()).isEqualTo(1);
    }

    private static SpeedRound round(RequestRecord... streams) {
        return SpeedRound.of(List.of(streams)).getFirst();
    }

    private static RequestRecord stream(int stream, long sent, long first, int tokens, long fill) {
        return request(new SpeedLabel(TWO, 1, stream), sent, first, tokens, fill);
    }

    /** Tokens every 10 ms from {@code firstMillis} after sending on; prefill of 40 ms. */
    private static RequestRecord request(
            SpeedLabel label, long sent, long firstMillis, int tokens, long fill) {
        List<Long> times =
                LongStream.range(0, tokens)
                        .mapToObj(i -> sent + (firstMillis + 10 * i) * MS)
                        .toList();
        return new RequestRecord(
                CELL,
                label.toString(),
                1,
                Phase.MEASURED,
                RequestRecord.State.COMPLETED,
                sent,
                times,
                label.point().depth() + label.point().promptTokens(),
                "00",
                tokens,
                "LENGTH",
                new RequestRecord.Phases(0, 0, 0, 40 * MS, 0, 0, 0, fill),
                0L,
                null);
    }
}
