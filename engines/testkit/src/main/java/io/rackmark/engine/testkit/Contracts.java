package io.rackmark.engine.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.Message;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
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
        return assertThatThrownBy(() -> Recorder.run(model, fixedLength(prompt, 2)))
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
