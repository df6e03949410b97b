package io.rackmark.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.engine.AnswerFormat;
import io.rackmark.engine.Completion.Finish;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import io.rackmark.engine.TokenLogprob;
import io.rackmark.engine.TokenLogprobs;
import io.rackmark.engine.testkit.Recorder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Log probabilities, from logits to the events of a request. */
@Timeout(60)
final class LogprobsTest {
    private static final List<Integer> PROMPT = List.of(5, 6, 7, 8);
    private static final int SPECIAL = 0;
    private static final int END = 2;

    private final TokenTable table =
            TokenTable.read(Embedded.checkpoint().resolve("tokenizer.json"));

    @Test
    void theyAreTheModelsOwnWhateverTheSampling() {
        for (Sampling sampling :
                List.of(
                        Sampling.GREEDY,
                        new Sampling(1.7, 0, 1, 3),
                        new Sampling(0.5, 40, 0.6, 9))) {
            agreesWithTheLogits(sampling, AnswerFormat.FREE);
        }
    }

    @Test
    void aFormatLeavesThemAsTheModelHasThem() {
        agreesWithTheLogits(
                Sampling.GREEDY,
                new AnswerFormat.JsonSchema("{\"enum\": [\"a long answer\", \"another one\"]}"));
    }

    private static void agreesWithTheLogits(Sampling sampling, AnswerFormat format) {
        GenerationRequest request =
                new GenerationRequest(
                        new Prompt.Tokens(PROMPT), sampling, 30, List.of(), false, 0, format);
        try (Decoder decoder = Decoder.open(new HashModel(64, 1, 64), Embedded.files())) {
            Recorder plain = Recorder.run(decoder, request);
            Recorder told = Recorder.run(decoder, request.withLogprobs(4));
            assertThat(plain.logprobs()).isEmpty();
            assertThat(told.tokens()).isEqualTo(plain.tokens());
            assertThat(told.texts()).isEqualTo(plain.texts());
            assertThat(told.logprobs()).isNotEmpty();
            float[][] rows = decoder.logits(PROMPT, told.tokens()).orElseThrow();
            int at = 0;
            for (TokenLogprobs each : told.logprobs()) {
                while (told.tokens().get(at) != each.chosen().token()) {
                    at++; // a special token shows nothing
                }
                assertOf(rows[at++], each);
            }
        }
    }

    /** By the definition: the logarithm of e^logit over the sum of all of them. */
    private static void assertOf(float[] row, TokenLogprobs told) {
        double total = 0;
        for (float logit : row) {
            total += Math.exp(logit);
        }
        List<TokenLogprob> all = new ArrayList<>(told.likeliest());
        all.add(told.chosen());
        for (TokenLogprob each : all) {
            double truth = Math.log(Math.exp(row[each.token()]) / total);
            assertThat(each.logprob()).isCloseTo(truth, within(1e-9));
        }
        assertThat(told.likeliest())
                .extracting(TokenLogprob::token)
                .containsExactlyElementsOf(
                        IntStream.range(0, row.length)
                                .boxed()
                                .sorted((a, b) -> Float.compare(row[b], row[a]))
                                .limit(4)
                                .toList());
    }

    @Test
    void tokensAreToldWithTheTextTheyBeginInAndSpellIt() {
        String text = "naïve 😀 SELECT 日本語 é";
        List<Step> steps = play(text, List.of(), false);
        List<TokenLogprobs> all = steps.stream().flatMap(step -> step.told().stream()).toList();
        int characters = 0;
        for (Step step : steps) {
            assertThat(step.told().isEmpty()).isEqualTo(step.added().isEmpty());
            for (TokenLogprobs each : step.told()) {
                assertThat(each.offset())
                        .isBetween(characters, characters + step.added().length() - 1);
            }
            characters += step.added().codePointCount(0, step.added().length());
        }
        assertThat(steps).anySatisfy(step -> assertThat(step.told()).hasSizeGreaterThan(1));
        assertThat(spelt(all)).isEqualTo(text);
    }

    @Test
    void whatAStopStringCutsOffIsNotTold() {
        List<Step> steps = play("SELECT name FROM x", List.of(" FROM"), false);
        List<TokenLogprobs> all = steps.stream().flatMap(step -> step.told().stream()).toList();
        assertThat(spelt(all)).isEqualTo("SELECT name");
        assertThat(steps.getLast().finish()).isEqualTo(Finish.STOP);
    }

    @Test
    void textThatAStopStringHeldBackIsToldOnceItShows() {
        List<Step> steps = play("SELECT name FROM x", List.of("SELECT name FROM y"), true);
        assertThat(steps.subList(0, 2)).allSatisfy(step -> assertThat(step.told()).isEmpty());
        assertThat(spelt(steps.stream().flatMap(step -> step.told().stream()).toList()))
                .isEqualTo("SELECT name FROM x");
    }

    @Test
    void specialTokensAreNotToldButAreNamedAsAlternatives() {
        Answer answer = answer(new ForcedTokens(List.of(SPECIAL, 40, END)), List.of());
        List<TokenLogprobs> told = new ArrayList<>();
        for (Finish end = null; end == null; ) {
            float[] logits = new float[HashModel.VOCABULARY];
            logits[END] = 9;
            end = answer.add(answer.choose(logits), false);
            told.addAll(answer.logprobs());
        }
        assertThat(told).extracting(each -> each.chosen().token()).containsExactly(40);
        TokenLogprob alternative = told.getFirst().likeliest().getFirst();
        assertThat(alternative.token()).isEqualTo(END);
        assertThat(new String(alternative.bytes(), StandardCharsets.UTF_8)).matches("<\\|.+\\|>");
    }

    /** One event: what a token added, and the log probabilities told with it. */
    private record Step(String added, List<TokenLogprobs> told, @Nullable Finish finish) {}

    /** An answer whose tokens are those of the text. */
    private List<Step> play(String text, List<String> stops, boolean end) {
        List<Integer> ids = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.open(Embedded.checkpoint())) {
            Arrays.stream(tokenizer.encode(text, false)).forEach(ids::add);
        }
        if (end) {
            ids.add(END);
        }
        Answer answer = answer(new ForcedTokens(ids), stops);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            int token = answer.choose(new float[HashModel.VOCABULARY]);
            Finish finish = answer.add(token, i + 1 == ids.size());
            steps.add(new Step(answer.added(), answer.logprobs(), finish));
            if (finish != null) {
                break;
            }
        }
        return steps;
    }

    private Answer answer(TokenChooser chooser, List<String> stops) {
        return new Answer(
                chooser,
                new Detokenizer(table),
                new StopMatcher(stops),
                new EndTokens(Set.of(END)),
                new AnswerLogprobs(new LogSoftmax(1), table::spelling));
    }

    private static String spelt(List<TokenLogprobs> told) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        told.forEach(each -> bytes.writeBytes(each.chosen().bytes()));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRequestForMoreThanTheMostIsRefused() {
        GenerationRequest request = Embedded.request(1, 5, 3);
        assertThat(request.logprobs()).isEqualTo(OptionalInt.empty());
        for (int wrong : new int[] {-1, 21}) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> request.withLogprobs(wrong))
                    .hasMessage("logprobs must be 0 to 20, was " + wrong);
        }
    }
}
