package io.rackmark.runner.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CostInputsTest {
    /** 1 USD an hour of capital, 0.2 of power at a PUE of 2, 0.3 of the rest. */
    private static final CostInputs PLAIN =
            inputs(Span.of(8760), Span.of(1), Span.of(0.5), Span.of(500), Span.of(0.2));

    @Test
    void anHourIsCapitalAndPowerAndTheRest() {
        assertThat(PLAIN.perHour().low()).isCloseTo(1.5, within(1e-12));
        assertThat(PLAIN.perHour().high()).isCloseTo(1.5, within(1e-12));
    }

    @Test
    void workPaysForTheIdleTimeOfTheBox() {
        assertThat(PLAIN.costOf(36).low()).isCloseTo(1.5 * 0.01 / 0.5, within(1e-12));
    }

    @Test
    void theEndsOfTheCostAreTheBestAndTheWorstOfEveryInput() {
        CostInputs vague =
                inputs(
                        new Span(8760, 17520),
                        new Span(1, 2),
                        new Span(0.25, 0.5),
                        new Span(500, 1000),
                        new Span(0.2, 0.4));

        assertThat(vague.perHour().low()).isCloseTo(0.5 + 0.2 + 0.3, within(1e-12));
        assertThat(vague.perHour().high()).isCloseTo(2 + 0.8 + 0.3, within(1e-12));
        assertThat(vague.costOf(3600).high()).isCloseTo(3.1 / 0.25, within(1e-12));
    }

    @Test
    void breakEvenIsTheDaysCostOverTheBill() {
        BreakEven found = BreakEven.of(PLAIN, 2, 0.001);

        assertThat(found.queriesPerDay().low()).isCloseTo(36_000, within(1e-6));
        assertThat(found.capacityPerDay().low()).isCloseTo(21_600, within(1e-6));
        assertThat(found.reach()).isEqualTo(BreakEven.Reach.BEYOND_CAPACITY);
        assertThat(BreakEven.of(PLAIN, 1, 0.001).reach())
                .isEqualTo(BreakEven.Reach.WITHIN_CAPACITY);
    }

    @Test
    void aVagueInputCanLeaveTheAnswerOpen() {
        CostInputs vague =
                inputs(Span.of(8760), Span.of(1), new Span(0.4, 0.9), Span.of(500), Span.of(0.2));

        assertThat(BreakEven.of(vague, 2, 0.001).reach()).isEqualTo(BreakEven.Reach.DEPENDS);
    }

    @Test
    void impossibleInputsAreNamed() {
        assertThatThrownBy(
                        () -> inputs(Span.of(1), Span.of(0), Span.of(0.5), Span.of(1), Span.of(1)))
                .hasMessageContaining("years");
        assertThatThrownBy(
                        () -> inputs(Span.of(1), Span.of(1), Span.of(1.5), Span.of(1), Span.of(1)))
                .hasMessageContaining("utilisation");
        assertThatThrownBy(() -> new Span(2, 1)).hasMessageContaining("span");
    }

    private static CostInputs inputs(
            Span capex, Span years, Span utilisation, Span watts, Span perKwh) {
        return new CostInputs(
                capex, years, utilisation, watts, Span.of(2), perKwh, Span.of(0.3), "USD");
    }

    @Test
    void aSpanIsANumberOrTwo() {
        assertThat(Span.parse("0.15-0.35")).contains(new Span(0.15, 0.35));
        assertThat(Span.parse("2500")).contains(Span.of(2500));
        assertThat(Span.parse("3-2")).isEmpty();
        assertThat(Span.parse("-1")).isEmpty();
        assertThat(Span.parse("much")).isEmpty();
    }
}
