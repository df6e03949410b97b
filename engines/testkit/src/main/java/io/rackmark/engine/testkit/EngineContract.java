package io.rackmark.engine.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Completion;
import io.rackmark.engine.Completion.Finish;
import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineDescription;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.EngineProvider;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.OptionSpec;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every engine must do, whatever it computes with. A test class per engine implements the
 * hooks; every test opens the engine and loads the model anew.
 */
public interface EngineContract {

    /** The engine under test. */
    EngineProvider provider();

    /** A small model in a form the engine loads; its vocabulary holds ids 0 to 15. */
    ModelFiles modelFiles();

    /** Engine options to open with; must be known to the engine. */
    default Map<String, String> options() {
        return Map.of();
    }

    /** How the model is loaded: at least 2 slots and 128 tokens of context. */
    default LoadOptions loadOptions() {
        return new LoadOptions(256, 2, 0, "cpu");
    }

    /** Loads and closes counted by {@link #closeGivesTheMemoryBack}. */
    default int closeIterations() {
        return 4;
    }

    /** Bytes of resident memory that {@link #closeIterations} loads may leave behind. */
    default long leakBoundBytes() {
        return 64L << 20;
    }

    /** Damages the weights for {@link #damagedWeightsAreABadModel}; by default half is cut off. */
    default void damage(Path weights) throws IOException {
        byte[] whole = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(whole, whole.length / 2));
    }

    @Test
    default void descriptionDocumentsTheEngineAndEachOption() {
        EngineDescription description = provider().describe();
        assertThat(description.id()).matches("[a-z][a-z0-9-]*");
        assertThat(description.title()).isNotBlank();
        assertThat(description.help()).hasSizeGreaterThan(20);
        assertThat(description.formats()).isNotEmpty();
        assertThat(description.precisions()).isNotEmpty();
        assertThat(description.options()).extracting(OptionSpec::name).doesNotHaveDuplicates();
        assertThat(description.options()).allSatisfy(o -> assertThat(o.help()).isNotBlank());
        Map<String, String> defaults = new java.util.TreeMap<>();
        for (OptionSpec option : description.options()) {
            String value = option.defaultValue();
            if (value != null) {
                defaults.put(option.name(), value);
            }
        }
        assertThat(OptionValues.parse(description, defaults).given()).isEqualTo(defaults);
    }

    @Test
    default void providerIsFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(EngineProvider.class))
                .extracting(p -> (Object) p.getClass())
                .contains(provider().getClass());
    }

    @Test
    default void probeFindsTheEngineHere() {
        Availability availability = provider().probe(Contracts.values(this));
        assertThat(availability).isInstanceOf(Availability.Available.class);
        Availability.Available available = (Availability.Available) availability;
        assertThat(available.version()).isNotBlank();
        assertThat(available.devices()).isNotEmpty();
    }

    @Test
    default void unknownOptionIsRefusedWithTheKnownOnes() {
        EngineDescription description = provider().describe();
        assertThatThrownBy(() -> OptionValues.parse(description, Map.of("no-such-option", "1")))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BAD_OPTION))
                .hasMessageContaining("no-such-option")
                .hasMessageContaining("known options")
                .satisfies(
                        e ->
                                description
                                        .options()
                                        .forEach(
                                                o -> assertThat(e).hasMessageContaining(o.name())));
    }

    @Test
    default void factsMatchTheLoadOptions() {
        Contracts.withModel(
                this,
                model -> {
                    assertThat(model.facts().vocabulary()).isPositive();
                    assertThat(model.facts().slots()).isEqualTo(loadOptions().slots());
                    assertThat(model.facts().contextTokens())
                            .isEqualTo(loadOptions().contextTokens());
                });
    }

    @Test
    default void greedyGenerationRepeatsItself() {
        Contracts.withModel(
                this,
                model -> {
                    Recorder first = Recorder.run(model, Contracts.fixedLength(12));
                    Recorder second = Recorder.run(model, Contracts.fixedLength(12));
                    assertThat(second.tokens()).isEqualTo(first.tokens());
                    assertThat(second.completion().text()).isEqualTo(first.completion().text());
                });
    }

    @Test
    default void greedyGenerationTakesTheGreatestLogit() {
        Contracts.withModel(
                this,
                model -> {
                    Recorder greedy = Recorder.run(model, Contracts.fixedLength(8));
                    model.logits(model.tokens(Contracts.CHAT), greedy.tokens())
                            .ifPresent(
                                    rows -> {
                                        assertThat(rows).hasNumberOfRows(9);
                                        for (int i = 0; i < 8; i++) {
                                            assertThat(Contracts.greatest(rows[i]))
                                                    .isEqualTo(greedy.tokens().get(i));
                                        }
                                    });
                });
    }

    @Test
    default void logprobsAreThoseOfTheLogitsAndARequestWithoutThemHasNone() {
        Contracts.withModel(
                this,
                model -> {
                    Recorder plain = Recorder.run(model, Contracts.fixedLength(6));
                    assertThat(plain.logprobs()).isEmpty();
                    GenerationRequest asking = Contracts.fixedLength(6).withLogprobs(3);
                    model.logits(model.tokens(Contracts.CHAT), plain.tokens())
                            .ifPresentOrElse(
                                    rows -> {
                                        Recorder told = Recorder.run(model, asking);
                                        assertThat(told.tokens()).isEqualTo(plain.tokens());
                                        Contracts.assertLogprobs(told, rows);
                                    },
                                    () -> Contracts.assertFails(model, asking, Kind.BAD_REQUEST));
                });
    }

    @Test
    default void seededSamplingRepeatsItself() {
        GenerationRequest request =
                new GenerationRequest(
                        Contracts.CHAT, new Sampling(1, 40, 0.95, 7), 12, List.of(), true);
        Contracts.withModel(
                this,
                model ->
                        assertThat(Recorder.run(model, request).tokens())
                                .isEqualTo(Recorder.run(model, request).tokens()));
    }

    @Test
    default void eachTokenIsOneEventAndTheirTextsAreTheAnswer() {
        Contracts.withModel(
                this,
                model -> {
                    Recorder run = Recorder.run(model, Contracts.fixedLength(12));
                    assertThat(run.completion().outputTokens()).isEqualTo(12);
                    assertThat(run.completion().finish()).isEqualTo(Finish.LENGTH);
                    assertThat(run.tokens()).hasSize(12);
                    assertThat(run.text()).isEqualTo(run.completion().text());
                    assertThat(run.tokens())
                            .allSatisfy(
                                    t -> assertThat(t).isBetween(0, model.facts().vocabulary()));
                });
    }

    @Test
    default void completionTellsThePromptTokens() {
        Contracts.withModel(
                this,
                model -> {
                    Completion completion =
                            Recorder.run(model, Contracts.fixedLength(1)).completion();
                    assertThat(completion.promptTokens()).isNotEmpty();
                    assertThat(completion.promptTokens()).isEqualTo(model.tokens(Contracts.CHAT));
                });
    }

    @Test
    default void tokenPromptIsTakenAsItIs() {
        Prompt prompt = new Prompt.Tokens(List.of(5, 6, 7, 8));
        Contracts.withModel(
                this,
                model -> {
                    Completion completion =
                            Recorder.run(model, Contracts.fixedLength(prompt, 3)).completion();
                    assertThat(completion.promptTokens()).containsExactly(5, 6, 7, 8);
                    assertThat(completion.outputTokens()).isEqualTo(3);
                });
    }

    @Test
    default void stopStringEndsTheAnswerAndIsNotPartOfIt() {
        Contracts.withModel(
                this,
                model -> {
                    String whole = Recorder.run(model, Contracts.fixedLength(24)).text();
                    assertThat(whole).hasSizeGreaterThan(4);
                    int middle =
                            whole.offsetByCodePoints(
                                    0, whole.codePointCount(0, whole.length()) / 2);
                    String stop = whole.substring(middle, whole.offsetByCodePoints(middle, 1));
                    Recorder run =
                            Recorder.run(
                                    model,
                                    new GenerationRequest(
                                            Contracts.CHAT,
                                            Sampling.GREEDY,
                                            24,
                                            List.of(stop),
                                            true));
                    assertThat(run.completion().finish()).isEqualTo(Finish.STOP);
                    assertThat(run.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
                    assertThat(run.completion().text()).isEqualTo(run.text());
                });
    }

    @Test
    default void cancelFromAnotherThreadEndsTheRequestSoon() {
        Contracts.withModel(
                this,
                model -> {
                    CancelAfter listener = new CancelAfter(3);
                    Completion completion =
                            assertTimeoutPreemptively(
                                    Duration.ofSeconds(30),
                                    () -> model.generate(Contracts.fixedLength(100), listener));
                    assertThat(completion.finish()).isEqualTo(Finish.CANCELLED);
                    assertThat(completion.outputTokens()).isEqualTo(listener.seen());
                    assertThat(Recorder.run(model, Contracts.fixedLength(4)).tokens()).hasSize(4);
                });
    }

    @Test
    default void promptThatFillsTheContextOverflows() {
        int context = loadOptions().contextTokens();
        Prompt prompt = new Prompt.Tokens(Collections.nCopies(context, 5));
        Contracts.withModel(
                this,
                model -> {
                    Contracts.assertFails(model, prompt, Kind.CONTEXT_OVERFLOW)
                            .hasMessageContaining(Integer.toString(context));
                    assertThat(Recorder.run(model, Contracts.fixedLength(2)).tokens()).hasSize(2);
                });
    }

    @Test
    default void fullContextEndsTheAnswerByLength() {
        int context = loadOptions().contextTokens();
        Prompt prompt = new Prompt.Tokens(Collections.nCopies(context - 6, 5));
        Contracts.withModel(
                this,
                model -> {
                    Completion completion =
                            Recorder.run(model, Contracts.fixedLength(prompt, 100)).completion();
                    assertThat(completion.finish()).isEqualTo(Finish.LENGTH);
                    assertThat(completion.outputTokens()).isEqualTo(6);
                });
    }

    @Test
    default void emptyPromptIsABadRequest() {
        Contracts.withModel(
                this,
                model -> {
                    Contracts.assertFails(model, new Prompt.Tokens(List.of()), Kind.BAD_REQUEST);
                    Contracts.assertFails(model, new Prompt.Chat(List.of()), Kind.BAD_REQUEST);
                    Contracts.assertFails(model, new Prompt.Text(""), Kind.BAD_REQUEST);
                });
    }

    @Test
    default void tokenOutsideTheVocabularyIsABadRequest() {
        Contracts.withModel(
                this,
                model -> {
                    int vocabulary = model.facts().vocabulary();
                    Contracts.assertFails(
                            model, new Prompt.Tokens(List.of(1, vocabulary)), Kind.BAD_REQUEST);
                    Contracts.assertFails(model, new Prompt.Tokens(List.of(-1)), Kind.BAD_REQUEST);
                });
    }

    @Test
    default void moreRequestsThanSlotsAllComplete() throws Exception {
        int requests = loadOptions().slots() + 1;
        try (Engine engine = provider().open(Contracts.values(this));
                LoadedModel model = engine.load(modelFiles(), loadOptions());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Recorder>> calls = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                calls.add(() -> Recorder.run(model, Contracts.fixedLength(10)));
            }
            for (Future<Recorder> call : threads.invokeAll(calls)) {
                assertThat(call.get().tokens()).hasSize(10);
                assertThat(call.get().text()).isEqualTo(call.get().completion().text());
            }
        }
    }

    @Test
    default void closeIsIdempotentAndEndsRunningRequests() throws Exception {
        try (Engine engine = provider().open(Contracts.values(this));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            LoadedModel model = engine.load(modelFiles(), loadOptions());
            CloseAfter listener = new CloseAfter(model, 2);
            Future<Completion> running =
                    threads.submit(() -> model.generate(Contracts.fixedLength(100), listener));
            listener.awaitClosed();
            assertThat(Contracts.value(running).finish()).isEqualTo(Finish.CANCELLED);
            model.close();
            assertThatThrownBy(() -> Recorder.run(model, Contracts.fixedLength(1)))
                    .isInstanceOf(EngineException.class);
        }
    }

    @Test
    default void missingWeightsAreABadModel(@TempDir Path directory) {
        ModelFiles files = modelFiles();
        Path absent = directory.resolve("absent.weights");
        Contracts.assertBadModel(
                this,
                new ModelFiles(
                        files.name(),
                        files.checkpoint(),
                        absent,
                        files.format(),
                        files.precision()));
    }

    @Test
    default void damagedWeightsAreABadModel(@TempDir Path directory) throws IOException {
        ModelFiles files = modelFiles();
        Path copy = directory.resolve(files.weights().getFileName().toString());
        Files.copy(files.weights(), copy);
        damage(copy);
        Contracts.assertBadModel(
                this,
                new ModelFiles(
                        files.name(), files.checkpoint(), copy, files.format(), files.precision()));
    }

    @Test
    default void closeGivesTheMemoryBack() {
        Consumer<LoadedModel> use = model -> Recorder.run(model, Contracts.fixedLength(4));
        Contracts.withModel(this, use);
        Contracts.withModel(this, use);
        long before = ResidentMemory.afterCollection();
        for (int i = 0; i < closeIterations(); i++) {
            Contracts.withModel(this, use);
        }
        assertThat(ResidentMemory.afterCollection() - before)
                .as("bytes resident after %d loads and closes", closeIterations())
                .isLessThan(leakBoundBytes());
    }
}
