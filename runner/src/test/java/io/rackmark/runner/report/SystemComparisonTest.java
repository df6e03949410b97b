package io.rackmark.runner.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RequestRecord.Phase;
import io.rackmark.runner.result.SystemUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SystemComparisonTest {
    private static final SystemUnderTest F32 = system("e/m/f32", "f32", Map.of());
    private static final SystemUnderTest INT8 = system("e/m/int8", "int8", Map.of());
    private static final SystemUnderTest EAGER =
            system("e/m/f32[mode=eager]", "f32", Map.of("mode", "eager"));

    @Test
    void aPrecisionIsComparedWithTheMostExactOfItsEngineRepeatByRepeat() {
        List<RequestRecord> requests = new ArrayList<>();
        // int8 is twice as fast in every repeat, however fast the machine was just then.
        for (int repeat = 1; repeat <= 5; repeat++) {
            requests.add(request(F32, repeat, 10_000_000L * repeat));
            requests.add(request(INT8, repeat, 5_000_000L * repeat));
        }

        SystemComparison found =
                SystemComparison.of(List.of(INT8, F32), List.of(), requests).getFirst();

        assertThat(found.kind()).isEqualTo(SystemComparison.Kind.PRECISION);
        assertThat(found.system()).isEqualTo("e/m/int8");
        assertThat(found.baseline()).isEqualTo("e/m/f32");
        Figure ratio = found.ratio("output_speed").orElseThrow();
        assertThat(Objects.requireNonNull(ratio.value())).isCloseTo(2, within(1e-9));
        assertThat(Objects.requireNonNull(ratio.low())).isCloseTo(2, within(1e-9));
        assertThat(Objects.requireNonNull(ratio.high())).isCloseTo(2, within(1e-9));
        assertThat(ratio.n()).isEqualTo(5);
        assertThat(found.ratio("peak_rss").orElseThrow().value()).isNull();
    }

    @Test
    void theDefaultsOfAnEngineAreComparedWithItsOptions() {
        List<RequestRecord> requests =
                List.of(request(F32, 1, 10_000_000), request(EAGER, 1, 30_000_000));

        assertThat(SystemComparison.of(List.of(F32, EAGER), List.of(), requests))
                .singleElement()
                .satisfies(
                        found -> {
                            assertThat(found.kind()).isEqualTo(SystemComparison.Kind.OPTIONS);
                            assertThat(found.system()).isEqualTo("e/m/f32");
                            assertThat(found.baseline()).isEqualTo("e/m/f32[mode=eager]");
                            Figure ratio = found.ratio("output_speed").orElseThrow();
                            assertThat(Objects.requireNonNull(ratio.value()))
                                    .isCloseTo(3, within(1e-9));
                            assertThat(ratio.low()).isNull();
                        });
    }

    @Test
    void aRatioIsTheGeometricMeanOverTheRepeats() {
        Figure ratio =
                Ratios.paired(
                        "x",
                        new TreeMap<>(Map.of(1, 2.0, 2, 8.0, 3, 5.0)),
                        new TreeMap<>(Map.of(1, 1.0, 2, 1.0)));

        assertThat(Objects.requireNonNull(ratio.value())).isCloseTo(4, within(1e-9));
        assertThat(ratio.n()).isEqualTo(2);
    }

    private static SystemUnderTest system(
            String id, String precision, Map<String, String> options) {
        return new SystemUnderTest(id, "e", "m", precision, "aa", "bb", false, options);
    }

    private static RequestRecord request(SystemUnderTest system, int repeat, long nanosPerToken) {
        return new RequestRecord(
                new CellKey(system.id(), "speed", repeat),
                "pp8-tg3-1",
                1,
                Phase.MEASURED,
                RequestRecord.State.COMPLETED,
                0,
                List.of(nanosPerToken, 2 * nanosPerToken, 3 * nanosPerToken),
                8,
                "00",
                3,
                "LENGTH",
                null,
                0L,
                null);
    }
}
