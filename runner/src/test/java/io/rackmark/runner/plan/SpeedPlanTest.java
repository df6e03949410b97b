package io.rackmark.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.result.SpeedCase;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SpeedPlanTest {
    @Test
    void everyLengthIsMeasuredAtEveryDepthAndConcurrencyTheFirstOfEachFirst() {
        SpeedPlan plan = plan(List.of(512, 128), List.of(0, 1024), List.of(1, 4));

        assertThat(plan.cases())
                .containsExactly(
                        new SpeedCase(512, 0, 64, 1),
                        new SpeedCase(128, 0, 64, 1),
                        new SpeedCase(512, 1024, 64, 1),
                        new SpeedCase(128, 1024, 64, 1),
                        new SpeedCase(512, 0, 64, 4),
                        new SpeedCase(128, 0, 64, 4),
                        new SpeedCase(512, 1024, 64, 4),
                        new SpeedCase(128, 1024, 64, 4));
        assertThat(plan.baseCase()).isEqualTo(new SpeedCase(512, 0, 64, 1));
        assertThat(plan.slots()).isEqualTo(4);
    }

    @Test
    void theSpeedPartOfARunWithoutArgumentsIsOneStreamOnAnEmptyCache() {
        SpeedPlan plan = Defaults.speed();

        assertThat(plan.cases()).hasSize(1);
        assertThat(plan.slots()).isEqualTo(1);
        assertThat(plan.steadyPercent()).isZero();
        assertThat(plan.baseCase().depth()).isZero();
    }

    @Test
    void whatIsWrongWithTheNumbersIsToldAtOnce() {
        SpeedPlan plan = plan(List.of(0), List.of(-1, 8, 8), List.of());

        assertThat(PlanCheck.faults(new Plan("p", List.of(), plan, null)))
                .containsExactly(
                        "speed.prompt-tokens is 0; from 1 to 10000000",
                        "speed.depth is -1; from 0 to 10000000",
                        "speed.depth has a number twice: [-1, 8, 8]; name each once",
                        "speed.concurrency is empty; give it at least one number");
    }

    @Test
    void plansReadFromYamlTakeOneNumberOrAList() {
        SpeedPlan plan =
                Objects.requireNonNull(
                        PlanReader.parse(
                                        "p.yaml",
                                        "speed: {prompt-tokens: [128, 512], depth: [0, 1024],"
                                                + " concurrency: 4, steady-percent: 3}")
                                .speed());

        assertThat(plan.promptTokens()).containsExactly(128, 512);
        assertThat(plan.depths()).containsExactly(0, 1024);
        assertThat(plan.concurrency()).containsExactly(4);
        assertThat(plan.steadyPercent()).isEqualTo(3);
        assertThat(plan.repeats()).isEqualTo(5);
    }

    private static SpeedPlan plan(
            List<Integer> prompts, List<Integer> depths, List<Integer> concurrency) {
        return new SpeedPlan(5, prompts, List.of(64), 3, 8, depths, concurrency, 5);
    }
}
