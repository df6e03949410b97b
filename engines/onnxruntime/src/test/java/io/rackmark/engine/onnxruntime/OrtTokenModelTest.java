package io.rackmark.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.engine.onnxruntime.TinyCheckpoint.Family;
import io.rackmark.model.onnx.GraphForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrtTokenModelTest {
    private static final int[] PROMPT = {5, 9, 33, 2, 17, 60, 41, 8, 8, 21, 3};
    private static final int[] ONE = {0};

    @TempDir static Path directory;
    private static ModelFiles files;

    @BeforeAll
    static void writeModel() throws IOException {
        files =
                Models.convert(
                        TinyCheckpoint.of(Family.LLAMA).write(directory.resolve("model")),
                        Precision.F32,
                        directory.resolve("cache"));
    }

    /** Logits after {@code tokens} from a model that has seen nothing else. */
    private static float[] fresh(GraphForm form, int... tokens) {
        try (TokenModel model = Models.open(files, form, 1)) {
            return model.prefill(0, tokens, true, Models.NEVER).clone();
        }
    }

    private static void assertSame(float[] actual, float[] expected) {
        assertThat(Logits.relativeError(actual, expected)).isLessThan(1e-5);
    }

    private static int[] concat(int[] head, int... tail) {
        int[] all = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }

    @Test
    void shapeTellsVocabularyContextSlotsAndCache() {
        try (TokenModel model = Models.open(files, 64, 3)) {
            assertThat(model.shape().vocabulary()).isEqualTo(TinyCheckpoint.VOCABULARY);
            assertThat(model.shape().contextTokens()).isEqualTo(64);
            assertThat(model.shape().slots()).isEqualTo(3);
            // 2 layers, keys and values, of 2 heads of 16 elements of 4 bytes for 192 tokens
            assertThat(model.shape().kvCacheBytes()).isEqualTo(192L * 2 * 2 * 32 * 4);
            assertThat(model.shape().facts())
                    .extracting(fact -> fact.name())
                    .contains("graph", "execution-provider", "threads", "optimization", "spin");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "CONTRIB_EXACT", mode = EnumSource.Mode.EXCLUDE)
    void chunkedPrefillGivesTheLogitsOfOneCall(GraphForm form) {
        for (String chunk : List.of("1", "4", "10")) {
            try (TokenModel model = Models.open(files, form, 1, "chunk", chunk)) {
                assertSame(model.prefill(0, PROMPT, true, Models.NEVER), fresh(form, PROMPT));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "CONTRIB_EXACT", mode = EnumSource.Mode.EXCLUDE)
    void prefillInSeveralCallsGivesTheLogitsOfOneCall(GraphForm form) {
        try (TokenModel model = Models.open(files, form, 1)) {
            int[] more = {1, 2, 3};
            assertThat(model.prefill(0, PROMPT, false, Models.NEVER)).isEmpty();
            assertSame(
                    model.prefill(0, more, true, Models.NEVER), fresh(form, concat(PROMPT, more)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "CONTRIB_EXACT", mode = EnumSource.Mode.EXCLUDE)
    void slotsDecodedTogetherDoNotSeeEachOther(GraphForm form) {
        try (TokenModel model = Models.open(files, form, 3)) {
            model.prefill(0, PROMPT, true, Models.NEVER);
            model.prefill(1, new int[] {1, 2}, true, Models.NEVER);
            model.prefill(2, new int[] {40}, true, Models.NEVER);
            float[][] rows = model.decode(new int[] {2, 0, 1}, new int[] {10, 20, 30});
            assertThat(rows).hasNumberOfRows(3);
            assertSame(rows[0], fresh(form, 40, 10));
            assertSame(rows[1], fresh(form, concat(PROMPT, 20)));
            assertSame(rows[2], fresh(form, 1, 2, 30));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTRIB", "PORTABLE_21"})
    void anyMixOfSlotsGivesTheLogitsOfEachAlone(GraphForm form) {
        int slots = 5;
        Random random = new Random(3);
        List<List<Integer>> sequences = new ArrayList<>();
        try (TokenModel model = Models.open(files, form, slots);
                TokenModel alone = Models.open(files, form, 1)) {
            for (int slot = 0; slot < slots; slot++) {
                sequences.add(new ArrayList<>());
            }
            for (int round = 0; round < 150; round++) {
                int slot = random.nextInt(slots);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        model.reset(slot);
                        sequences.get(slot).clear();
                    }
                    case 1 -> prefill(model, slot, sequences.get(slot), random);
                    default -> step(model, alone, sequences, random);
                }
            }
        }
    }

    private static void prefill(TokenModel model, int slot, List<Integer> sequence, Random random) {
        int count = Math.min(1 + random.nextInt(9), 64 - sequence.size());
        if (count > 0) {
            int[] tokens = random.ints(count, 0, TinyCheckpoint.VOCABULARY).toArray();
            model.prefill(slot, tokens, random.nextBoolean(), Models.NEVER);
            Arrays.stream(tokens).forEach(sequence::add);
        }
    }

    private static void step(
            TokenModel model, TokenModel alone, List<List<Integer>> sequences, Random random) {
        List<Integer> part = new ArrayList<>();
        for (int slot = sequences.size() - 1; slot >= 0; slot--) {
            if (random.nextInt(3) > 0 && sequences.get(slot).size() < 64) {
                part.add(slot);
            }
        }
        if (part.isEmpty()) {
            return;
        }
        int[] tokens = random.ints(part.size(), 0, TinyCheckpoint.VOCABULARY).toArray();
        float[][] rows = model.decode(part.stream().mapToInt(Integer::intValue).toArray(), tokens);
        for (int i = 0; i < rows.length; i++) {
            List<Integer> sequence = sequences.get(part.get(i));
            sequence.add(tokens[i]);
            alone.reset(0);
            int[] whole = sequence.stream().mapToInt(Integer::intValue).toArray();
            assertSame(rows[i], alone.prefill(0, whole, true, Models.NEVER));
        }
    }

    @Test
    void fullSlotDoesNotDisturbTheOthers() {
        try (TokenModel model = Models.open(files, 16, 3)) {
            model.prefill(0, PROMPT, true, Models.NEVER);
            model.prefill(1, new int[16], true, Models.NEVER);
            model.prefill(2, new int[] {40}, true, Models.NEVER);
            float[][] rows = model.decode(new int[] {0, 2}, new int[] {7, 10});
            assertSame(rows[0], fresh(GraphForm.CONTRIB, concat(PROMPT, 7)));
            assertSame(rows[1], fresh(GraphForm.CONTRIB, 40, 10));
            model.reset(1);
            assertSame(
                    model.prefill(1, PROMPT, true, Models.NEVER), fresh(GraphForm.CONTRIB, PROMPT));
        }
    }

    @Test
    void cancelledPrefillGivesNothingAndTheSlotCanBeUsedAgain() {
        try (TokenModel model = Models.open(files, GraphForm.CONTRIB, 1, "chunk", "4")) {
            AtomicInteger asked = new AtomicInteger();
            assertThat(model.prefill(0, PROMPT, true, () -> asked.incrementAndGet() > 2)).isEmpty();
            model.reset(0);
            assertSame(
                    model.prefill(0, PROMPT, true, Models.NEVER), fresh(GraphForm.CONTRIB, PROMPT));
        }
    }

    @Test
    void optionsChangeSpeedAndNotTheResult() {
        float[] expected = fresh(GraphForm.CONTRIB, PROMPT);
        for (String level : List.of("off", "basic", "extended")) {
            try (TokenModel model =
                    Models.open(
                            files,
                            GraphForm.CONTRIB,
                            1,
                            "optimization",
                            level,
                            "spin",
                            "false",
                            "prepack",
                            "false")) {
                assertSame(model.prefill(0, PROMPT, true, Models.NEVER), expected);
            }
        }
    }

    @Test
    void wrongArgumentsAreRefusedAndChangeNothing() {
        try (TokenModel model = Models.open(files, 16, 2)) {
            refused(Kind.BAD_REQUEST, () -> model.prefill(0, new int[0], true, Models.NEVER));
            refused(Kind.BAD_REQUEST, () -> model.prefill(0, new int[] {-1}, true, Models.NEVER));
            refused(Kind.BAD_REQUEST, () -> model.prefill(0, new int[] {96}, true, Models.NEVER));
            refused(Kind.BAD_REQUEST, () -> model.decode(ONE, new int[] {9_999_999}));
            refused(Kind.CONTEXT_OVERFLOW, () -> model.prefill(0, new int[17], true, Models.NEVER));
            model.prefill(0, new int[16], true, Models.NEVER);
            refused(Kind.CONTEXT_OVERFLOW, () -> model.decode(ONE, ONE));
            assertThatThrownBy(() -> model.prefill(2, ONE, true, Models.NEVER))
                    .hasMessageContaining("slot 2 outside [0, 2)");
            assertThatThrownBy(() -> model.reset(-1)).hasMessageContaining("slot -1");
            assertThatThrownBy(() -> model.decode(new int[] {1, 1}, new int[2]))
                    .hasMessageContaining("slot 1 given twice");
            assertThatThrownBy(() -> model.decode(new int[0], new int[0]))
                    .isInstanceOf(IllegalArgumentException.class);
            model.reset(0);
            assertSame(
                    model.prefill(0, PROMPT, true, Models.NEVER), fresh(GraphForm.CONTRIB, PROMPT));
        }
    }

    private static void refused(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTRIB", "PORTABLE_23"})
    void useAfterCloseIsRefused(GraphForm form) {
        TokenModel model = Models.open(files, form, 2);
        model.prefill(0, PROMPT, true, Models.NEVER);
        model.close();
        model.close();
        assertThatThrownBy(() -> model.reset(0)).hasMessageContaining("closed");
        assertThatThrownBy(() -> model.prefill(0, PROMPT, true, Models.NEVER))
                .hasMessageContaining("closed");
    }
}
