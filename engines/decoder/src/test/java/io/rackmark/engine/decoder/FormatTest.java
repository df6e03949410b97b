package io.rackmark.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.rackmark.engine.AnswerFormat;
import io.rackmark.engine.Completion.Finish;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import io.rackmark.engine.decoder.grammar.Grammars;
import io.rackmark.engine.decoder.grammar.Guard;
import io.rackmark.engine.testkit.Recorder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers kept to a format, whatever the logits are. */
class FormatTest {
    private static final int END = 2;
    private static final JsonMapper STRICT =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build();
    private static final SchemaRegistry SCHEMAS =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @TempDir private Path folder;

    private final TokenTable byteLevel =
            TokenTable.read(Embedded.checkpoint().resolve("tokenizer.json"));

    @Test
    void everyFinishedAnswerIsAnObjectWhateverTheLogits() {
        Random random = new Random(11);
        int finished = 0;
        for (int i = 0; i < 60; i++) {
            String text =
                    answer(new AnswerFormat.JsonObject(), byteLevel, sampling(random), random);
            if (text != null) {
                finished++;
                assertThat(STRICT.readTree(text).isObject()).as(text).isTrue();
            }
        }
        assertThat(finished).isGreaterThan(20);
    }

    @Test
    void everyFinishedAnswerFitsItsSchemaWhateverTheLogits() {
        Random random = new Random(12);
        RandomSchema schemas = new RandomSchema(random);
        int finished = 0;
        for (int i = 0; i < 60; i++) {
            JsonNode schema = schemas.next(3);
            for (int n = 0; n < 3; n++) {
                finished += fits(schema, byteLevel, random);
            }
        }
        assertThat(finished).isGreaterThan(90);
    }

    @Test
    void aVocabularyWithBytesSpeltOutKeepsToItsSchemaToo() throws Exception {
        SentencePieceCheckpoint.write(folder);
        TokenTable table = TokenTable.read(folder.resolve("tokenizer.json"));
        Random random = new Random(13);
        RandomSchema schemas = new RandomSchema(random);
        int finished = 0;
        for (int i = 0; i < 60; i++) {
            finished += fits(schemas.object(2), table, random);
        }
        assertThat(finished).isGreaterThan(20);
    }

    /** Two ways to the same answer: bytes of one token, and all tokens at once. */
    @Test
    void theMaskHoldsExactlyTheTokensThatAreAllowed() {
        Random random = new Random(14);
        for (int i = 0; i < 8; i++) {
            Guard guard =
                    grammars(byteLevel)
                            .guard(
                                    new AnswerFormat.JsonSchema(
                                            new RandomSchema(random).object(2).toString()));
            float[] masked = new float[HashModel.VOCABULARY];
            for (int step = 0; step < 25 && !guard.over(); step++) {
                guard.mask(new float[HashModel.VOCABULARY], masked);
                List<Integer> allowed = new ArrayList<>();
                for (int token = 0; token < masked.length; token++) {
                    assertThat(guard.allows(token)).as("%d", token).isEqualTo(masked[token] == 0);
                    if (masked[token] == 0 && token != END) {
                        allowed.add(token);
                    }
                }
                guard.take(allowed.get(random.nextInt(allowed.size())));
            }
        }
    }

    @Test
    void greedyTakesTheBestAllowedToken() {
        Random random = new Random(15);
        AnswerFormat format = new AnswerFormat.JsonObject();
        Guard oracle = grammars(byteLevel).guard(format);
        FormatChooser chooser =
                new FormatChooser(new Sampler(Sampling.GREEDY), grammars(byteLevel).guard(format));
        for (int step = 0; step < 60 && !oracle.over(); step++) {
            float[] logits = logits(random, byteLevel);
            int best = -1;
            for (int token = 0; token < logits.length; token++) {
                if (oracle.allows(token) && (best < 0 || logits[token] > logits[best])) {
                    best = token;
                }
            }
            assertThat(chooser.next(logits)).isEqualTo(best);
            oracle.take(best);
        }
    }

    @Test
    void aDecoderEndsTheAnswerWithTheLastBraceAndFreeAnswersAreUntouched() {
        String schema = "{\"const\":{\"größe\":[1,\"日本\"]}}";
        try (Decoder decoder = Decoder.open(new HashModel(128, 2, 16), Embedded.files())) {
            Recorder kept = Recorder.run(decoder, request(new AnswerFormat.JsonSchema(schema)));
            assertThat(kept.text().strip()).isEqualTo("{\"größe\":[1,\"日本\"]}");
            assertThat(kept.completion().finish()).isEqualTo(Finish.STOP);
            assertThat(Recorder.run(decoder, request(AnswerFormat.FREE)).text())
                    .doesNotStartWith("{");
        }
    }

    @Test
    void aSchemaThatIsNotSupportedIsRefusedBeforeAnythingRuns() {
        HashModel model = new HashModel(128, 1, 16);
        try (Decoder decoder = Decoder.open(model, Embedded.files())) {
            assertThatThrownBy(
                            () ->
                                    Recorder.run(
                                            decoder,
                                            request(new AnswerFormat.JsonSchema("{\"not\":{}}"))))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.BAD_REQUEST))
                    .hasMessageContaining("'not'");
            assertThat(model.calls()).isEmpty();
        }
    }

    private static GenerationRequest request(AnswerFormat format) {
        return new GenerationRequest(
                new Prompt.Text("go"), Sampling.GREEDY, 100, List.of(), false, 0, format);
    }

    /** 1 when the answer came to an end, which then is checked; 0 when it did not. */
    private static int fits(JsonNode schema, TokenTable table, Random random) {
        String text =
                answer(
                        new AnswerFormat.JsonSchema(schema.toString()),
                        table,
                        sampling(random),
                        random);
        if (text == null) {
            return 0;
        }
        STRICT.readTree(text);
        assertThat(SCHEMAS.getSchema(schema.toString()).validate(text, InputFormat.JSON))
                .as("%s of %s", text, schema)
                .isEmpty();
        return 1;
    }

    /** Plays a model to the end of its answer; null when that does not come. */
    private static @Nullable String answer(
            AnswerFormat format, TokenTable table, Sampling sampling, Random random) {
        FormatChooser chooser =
                new FormatChooser(new Sampler(sampling), grammars(table).guard(format));
        Answer answer =
                new Answer(
                        chooser,
                        new Detokenizer(table),
                        new StopMatcher(List.of()),
                        new EndTokens(Set.of(END)));
        for (int i = 0; i < 300; i++) {
            if (answer.add(answer.choose(logits(random, table)), false) != null) {
                return answer.text();
            }
        }
        return null;
    }

    /** Any logits; what closes a string, a list or an object is made likely, so that it ends. */
    private static float[] logits(Random random, TokenTable table) {
        float[] logits = new float[HashModel.VOCABULARY];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian() * 4;
            String text = new String(table.bytes(i), StandardCharsets.ISO_8859_1);
            if (text.matches("[\"}\\]]+")) {
                logits[i] += random.nextInt(16);
            }
        }
        logits[END] += random.nextInt(10);
        return logits;
    }

    private static Sampling sampling(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Sampling.GREEDY;
            case 1 -> new Sampling(1, 0, 1, random.nextLong());
            default -> new Sampling(1.5, 40, 0.9, random.nextLong());
        };
    }

    private static final Map<TokenTable, Grammars> GRAMMARS = new HashMap<>();

    private static Grammars grammars(TokenTable table) {
        return GRAMMARS.computeIfAbsent(
                table, t -> new Grammars(HashModel.VOCABULARY, t::bytes, token -> token == END));
    }
}
