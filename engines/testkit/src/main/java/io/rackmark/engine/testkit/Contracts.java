package io.rackmark.engine.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.Message;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import io.rackmark.engine.TokenLogprob;
import io.rackmark.engine.TokenLogprobs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;

/** The steps that the tests of {@link EngineContract} share. */
final class Contracts {
    static final Prompt CHAT =
            new Prompt.Chat(
                    List.of(
                            new Message(Message.Role.SYSTEM, "Answer in SQL."),
                            new Message(Message.Role.USER, "How many artists are there?")));

    private Contracts() {}

    static OptionValues values(EngineContract contract) {
        return OptionValues.parse(contract.provider().describe(), contract.options());
    }

    static void withModel(EngineContract contract, Consumer<LoadedModel> use) {
        try (Engine engine = contract.provider().open(values(contract));
                LoadedModel model = engine.load(contract.modelFiles(), contract.loadOptions())) {
            use.accept(model);
        }
    }

    static GenerationRequest fixedLength(int tokens) {
        return fixedLength(CHAT, tokens);
    }

    static GenerationRequest fixedLength(Prompt prompt, int tokens) {
        return new GenerationRequest(prompt, Sampling.GREEDY, tokens, List.of(), true);
    }

    static AbstractThrowableAssert<?, ?> assertFails(
            LoadedModel model, Prompt prompt, EngineException.Kind kind) {
        return assertFails(model, fixedLength(prompt, 2), kind);
    }

    static AbstractThrowableAssert<?, ?> assertFails(
            LoadedModel model, GenerationRequest request, EngineException.Kind kind) {
        return assertThatThrownBy(() -> Recorder.run(model, request))
                .isInstanceOfSatisfying(EngineException.class, e -> requireKind(e, kind));
    }

    static void assertBadModel(EngineContract contract, ModelFiles files) {
        try (Engine engine = contract.provider().open(values(contract))) {
            assertThatThrownBy(() -> engine.load(files, contract.loadOptions()).close())
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> requireKind(e, EngineException.Kind.BAD_MODEL));
        }
    }

    static <T> T value(Future<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static void requireKind(EngineException e, EngineException.Kind kind) {
        if (e.kind() != kind) {
            throw new AssertionError("expected kind " + kind + ", was " + e.kind(), e);
        }
    }

    /**
     * Holds a greedy answer's log probabilities against the logits.
     *
     * @param rows [1 + tokens][vocabulary]
     */
    static void assertLogprobs(Recorder run, float[][] rows) {
        List<Integer> left = new ArrayList<>(run.tokens());
        for (TokenLogprobs told : run.logprobs()) {
            // Special tokens show nothing and are not told.
            while (left.getFirst() != told.chosen().token()) {
                left.removeFirst();
            }
            float[] row = rows[run.tokens().size() - left.size()];
            left.removeFirst();
            assertThat(told.likeliest()).hasSize(3);
            assertThat(told.likeliest().getFirst().token()).isEqualTo(told.chosen().token());
            for (TokenLogprob each : told.likeliest()) {
                assertThat(each.logprob()).isCloseTo(logprob(row, each.token()), within(1e-3));
            }
        }
        assertThat(run.text().isEmpty()).isEqualTo(run.logprobs().isEmpty());
    }

    private static double logprob(float[] row, int token) {
        double total = 0;
        for (float logit : row) {
            total += Math.exp(logit - row[token]);
        }
        return -Math.log(total);
    }

    /** Index of the first greatest value. */
    static int greatest(float[] row) {
        int best = 0;
        for (int i = 1; i < row.length; i++) {
            if (row[i] > row[best]) {
                best = i;
            }
        }
        return best;
    }
}
