package io.rackmark.runner.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.LifeCycle;
import io.rackmark.runner.result.LifeCycle.PageCache;
import io.rackmark.runner.result.Memory;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RequestRecord.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SystemFiguresTest {
    private static final long MS = 1_000_000;
    private static final CellKey CELL = new CellKey("e/m/f16", "speed", 1);

    @Test
    void tokenTimesBecomeTheDefinedFigures() {
        // 20 requests: first token after 50 ms, then 4 more every 10 ms; prefill of 100 tokens in
        // 40 ms.
        List<Figure> figures = figures(requests(20, Phase.MEASURED));

        assertThat(value(figures, "ttft")).isEqualTo(50);
        assertThat(value(figures, "itl")).isEqualTo(10);
        assertThat(value(figures, "output_speed")).isEqualTo(100);
        assertThat(value(figures, "prefill_speed")).isEqualTo(2500);
        assertThat(value(figures, "e2e")).isEqualTo(90);
    }

    @Test
    void warmUpAndFirstRequestsDoNotCount() {
        List<RequestRecord> requests = new ArrayList<>(requests(3, Phase.WARM_UP));
        requests.addAll(requests(2, Phase.FIRST));

        Figure itl = figure(figures(requests), "itl");

        assertThat(itl.value()).isNull();
        assertThat(itl.reason()).isEqualTo("not measured");
    }

    @Test
    void aMedianOfTooFewSamplesIsWithheldWithTheReason() {
        Figure ttft = figure(figures(requests(10, Phase.MEASURED)), "ttft");

        assertThat(ttft.value()).isNull();
        assertThat(ttft.reason()).isEqualTo("needs n >= 11, have 10");
    }

    @Test
    void theTimePerTokenOfASingleTokenIsNotMeasured() {
        assertThat(SystemFigures.itlNanos(request(1, Phase.MEASURED, List.of(5 * MS)))).isNull();
    }

    @Test
    void coldAndWarmLoadsAreTwoNumbers() {
        List<CellRecord> cells =
                List.of(cell(1, 30 * MS, PageCache.COLD), cell(2, 10 * MS, PageCache.WARM));

        List<Figure> figures = new SystemFigures(cells, List.of(), List.of()).all();

        assertThat(value(figures, "model_load_cold")).isEqualTo(30);
        assertThat(value(figures, "model_load_warm")).isEqualTo(10);
        assertThat(value(figures, "cold_start")).isEqualTo(500);
        assertThat(value(figures, "model_memory")).isEqualTo(150);
        assertThat(figure(figures, "device_memory").value()).isNull();
    }

    @Test
    void aLoadWhosePageCacheIsUnknownIsNeitherColdNorWarm() {
        List<Figure> figures =
                new SystemFigures(
                                List.of(cell(1, 30 * MS, PageCache.UNKNOWN)), List.of(), List.of())
                        .all();

        assertThat(figure(figures, "model_load_cold").value()).isNull();
        assertThat(figure(figures, "model_load_warm").value()).isNull();
    }

    private static CellRecord cell(int repeat, long loadNanos, PageCache pageCache) {
        return new CellRecord(
                new CellKey("e/m/f16", "speed", repeat),
                CellRecord.State.DONE,
                new LifeCycle(100 * MS, 50 * MS, loadNanos, pageCache, 60 * MS, 500 * MS),
                new Memory(100L, 250L, 400L, 50L, 20L, null, 0L),
                null,
                List.of(),
                List.of());
    }

    private static List<RequestRecord> requests(int count, Phase phase) {
        List<Long> times = LongStream.range(0, 5).mapToObj(i -> (50 + 10 * i) * MS).toList();
        return IntStream.range(0, count).mapToObj(i -> request(i, phase, times)).toList();
    }

    private static RequestRecord request(int index, Phase phase, List<Long> times) {
        return new RequestRecord(
                CELL,
                "r" + index,
                1,
                phase,
                RequestRecord.State.COMPLETED,
                0,
                times,
                100,
                "00",
                times.size(),
                "LENGTH",
                new RequestRecord.Phases(0, 0, 0, 40 * MS, 0, 0, 0),
                0L,
                null);
    }

    private static List<Figure> figures(List<RequestRecord> requests) {
        return new SystemFigures(List.of(), requests, List.of()).all();
    }

    private static double value(List<Figure> figures, String metric) {
        return Objects.requireNonNull(figure(figures, metric).value(), metric);
    }

    private static Figure figure(List<Figure> figures, String metric) {
        return figures.stream().filter(f -> f.metric().equals(metric)).findFirst().orElseThrow();
    }
}
