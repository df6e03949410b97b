package io.rackmark.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.cost.Span;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.PlanException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

class CostFlagsTest {
    private static final CostInputs PLANNED =
            new CostInputs(
                    Span.of(9000),
                    Span.of(4),
                    Span.of(0.7),
                    Span.of(500),
                    Span.of(1.3),
                    Span.of(0.2),
                    Span.of(0.1),
                    "EUR");

    @Command
    private static final class Holder {
        @ArgGroup(exclusive = false)
        private CostFlags cost = new CostFlags();
    }

    @Test
    void withoutFlagsThePlanSpeaks() {
        assertThat(inputs(Optional.empty())).isEmpty();
        assertThat(inputs(Optional.of(PLANNED))).contains(PLANNED);
    }

    @Test
    void aFlagOverridesItsKeyAlone() {
        CostInputs box =
                inputs(Optional.of(PLANNED), "--watts", "180-200", "--currency", "CHF")
                        .orElseThrow();
        assertThat(box.watts()).isEqualTo(new Span(180, 200));
        assertThat(box.currency()).isEqualTo("CHF");
        assertThat(box.capex()).isEqualTo(PLANNED.capex());
        assertThat(box.pue()).isEqualTo(PLANNED.pue());
        assertThat(box.opsPerHour()).isEqualTo(PLANNED.opsPerHour());
    }

    @Test
    void whatHasADefaultMayBeLeftOut() {
        CostInputs box =
                inputs(Optional.empty(), "--capex", "2500", "--watts", "180", "--kwh", "0.15-0.35")
                        .orElseThrow();
        assertThat(box.years()).isEqualTo(Span.of(Defaults.COST_YEARS));
        assertThat(box.utilisation()).isEqualTo(Span.of(Defaults.COST_UTILISATION));
        assertThat(box.pue()).isEqualTo(Span.of(Defaults.COST_PUE));
        assertThat(box.opsPerHour()).isEqualTo(Span.of(Defaults.COST_OPS));
        assertThat(box.currency()).isEqualTo("USD");
    }

    @Test
    void whatIsMissingOrImpossibleIsNamed() {
        assertThatThrownBy(() -> inputs(Optional.empty(), "--pue", "1.2", "--watts", "5"))
                .isInstanceOf(PlanException.class)
                .hasMessage("the cost of the box also needs --capex, --kwh");
        assertThatThrownBy(() -> inputs(Optional.of(PLANNED), "--utilisation", "2"))
                .hasMessage("the cost of the box: utilisation is not in (0, 1]");
        assertThatThrownBy(() -> inputs(Optional.of(PLANNED), "--currency", "euro"))
                .hasMessageContaining("three capital letters");
    }

    private static Optional<CostInputs> inputs(Optional<CostInputs> planned, String... flags) {
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(flags);
        return holder.cost.inputs(planned);
    }
}
