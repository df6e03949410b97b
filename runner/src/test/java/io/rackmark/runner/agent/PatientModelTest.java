package io.rackmark.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.Message;
import io.rackmark.runner.agent.ChatFailure.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PatientModelTest {
    private final ScriptedModel model = new ScriptedModel();

    @Test
    void waitsDoubleWithJitterUntilTheScheduleIsUsedUp() {
        for (int i = 0; i < 5; i++) {
            model.fails(i % 2 == 0 ? Kind.RATE_LIMITED : Kind.UNAVAILABLE_TEMPORARILY, null);
        }
        PatientModel.Result result = patient().chat(List.of());
        assertThat(result.reply()).isNull();
        assertThat(result.failure()).isNotNull();
        assertThat(result.refusals()).isEqualTo(5);
        assertThat(result.refused())
                .containsExactly("request-1", "request-2", "request-3", "request-4", "request-5");
        assertThat(result.modelNanos()).isZero();
        assertThat(model.time.waits).hasSize(4);
        for (int i = 0; i < 4; i++) {
            long least = Duration.ofSeconds(2L << i).toNanos();
            assertThat(model.time.waits.get(i).toNanos())
                    .isGreaterThan(least)
                    .isLessThan(least + least / 4);
        }
    }

    @Test
    void retryAfterReplacesTheScheduleAndItsTimeIsKeptApart() {
        model.fails(Kind.RATE_LIMITED, Duration.ofSeconds(30)).says("x");
        PatientModel.Result result = patient().chat(List.of());
        Duration waited = model.time.waits.getFirst();
        assertThat(waited).isBetween(Duration.ofSeconds(30), Duration.ofMillis(37_500));
        assertThat(result.backoffNanos())
                .isEqualTo(waited.plus(ScriptedModel.FAILURE).toNanos() + FakeTime.TICK_NANOS);
        assertThat(result.modelNanos())
                .isEqualTo(ScriptedModel.ANSWER.toNanos() + FakeTime.TICK_NANOS);
    }

    @Test
    void aServerThatAsksForMoreThanTwoMinutesIsNotWaitedFor() {
        model.fails(Kind.RATE_LIMITED, Duration.ofHours(1));
        assertThat(patient().chat(List.of()).failure()).isNotNull();
        assertThat(model.time.waits).isEmpty();
    }

    @Test
    void otherFailuresAreNotRetried() {
        model.fails(Kind.FATAL, Duration.ofSeconds(1));
        PatientModel.Result result = patient().chat(List.of());
        assertThat(result.refusals()).isZero();
        assertThat(result.modelNanos())
                .isEqualTo(ScriptedModel.FAILURE.toNanos() + FakeTime.TICK_NANOS);
        assertThat(model.prompts).hasSize(1);
    }

    @Test
    void anInterruptEndsTheWaitAndStaysSet() {
        model.fails(Kind.RATE_LIMITED, null);
        Thread.currentThread().interrupt();
        PatientModel.Result result = patient().chat(List.of());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(result.failure()).isNotNull();
    }

    @Test
    void theTimeHeldBackByARateLimitIsInNoOtherTime() {
        model.fails(Kind.RATE_LIMITED, Duration.ofSeconds(3)).says("x");
        PatientModel.Result plain = patient().chat(List.of());
        ScriptedModel slow = new ScriptedModel();
        slow.fails(Kind.RATE_LIMITED, Duration.ofSeconds(3)).says("x");
        ChatModel paced =
                new ChatModel() {
                    @Override
                    public Reply chat(List<Message> messages, int maxTokens) {
                        return slow.chat(messages, maxTokens);
                    }

                    @Override
                    public long pace(List<Message> messages, int maxTokens) {
                        slow.time.pass(Duration.ofSeconds(20));
                        return Duration.ofSeconds(20).toNanos();
                    }
                };
        AgentSettings settings = AgentSettings.of(PromptStrategy.AGENT);
        PatientModel.Result result =
                new PatientModel(paced, settings, slow.time, new Random(7)).chat(List.of());
        assertThat(result.pacedNanos()).isEqualTo(Duration.ofSeconds(40).toNanos());
        assertThat(result.modelNanos()).isEqualTo(plain.modelNanos());
        assertThat(result.backoffNanos()).isEqualTo(plain.backoffNanos());
        assertThat(plain.pacedNanos()).isZero();
    }

    private PatientModel patient() {
        AgentSettings settings = AgentSettings.of(PromptStrategy.AGENT);
        return new PatientModel(model, settings, model.time, new Random(7));
    }
}
