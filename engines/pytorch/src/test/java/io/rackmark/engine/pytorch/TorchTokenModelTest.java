package io.rackmark.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.Fact;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.model.safetensors.SafetensorsDtype;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchTokenModelTest {
    private static final int[] PROMPT = {5, 9, 33, 2, 17, 60, 41, 8, 8, 21, 3};

    @TempDir static Path directory;
    private static Path checkpoint;

    @BeforeAll
    static void writeModel() throws IOException {
        checkpoint =
                TinyCheckpoint.write(directory, TinyCheckpoint.Family.QWEN3, SafetensorsDtype.BF16);
    }

    private static TokenModel open(int slots, Map<String, String> options) throws IOException {
        return Models.open(checkpoint, Precision.F32, slots, options);
    }

    /** Logits after {@code tokens} from a model that has seen nothing else. */
    private static float[] fresh(int... tokens) throws IOException {
        try (TokenModel model = open(1, Map.of())) {
            return model.prefill(0, tokens, true, Models.NEVER).clone();
        }
    }

    private static void assertSame(float[] actual, float[] expected) {
        assertThat(ReferenceDecoder.relativeRms(actual, expected)).isLessThan(1e-5);
    }

    private static int[] concat(int[] head, int... tail) {
        int[] all = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }

    private static void fails(Kind kind, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(words);
    }

    @Test
    void shapeTellsVocabularyContextSlotsAndCache() throws IOException {
        try (TokenModel model = open(3, Map.of("linear", "onednn"))) {
            assertThat(model.shape().vocabulary()).isEqualTo(TinyCheckpoint.VOCABULARY);
            assertThat(model.shape().contextTokens()).isEqualTo(64);
            assertThat(model.shape().slots()).isEqualTo(3);
            // 3 layers of 2 heads of 24 key and 24 value elements of 4 bytes for 3 times 64 tokens
            assertThat(model.shape().kvCacheBytes()).isEqualTo(3L * 2 * 24 * 2 * 4 * 3 * 64);
            assertThat(model.shape().facts())
                    .contains(
                            new Fact("linear", "onednn"),
                            new Fact("mode", "torchscript"),
                            new Fact("products", "onednn"))
                    .contains(new Fact("threads", "1"), new Fact("profiling-executor", "off"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"torchscript", "eager"})
    void slotsDecodedTogetherDoNotSeeEachOther(String mode) throws IOException {
        try (TokenModel model = open(3, Map.of("mode", mode))) {
            model.prefill(0, PROMPT, true, Models.NEVER);
            model.prefill(1, new int[] {1, 2}, true, Models.NEVER);
            model.prefill(2, new int[] {40}, true, Models.NEVER);
            float[][] rows = model.decode(new int[] {2, 0, 1}, new int[] {10, 20, 30});
            assertThat(rows).hasNumberOfRows(3);
            assertSame(rows[0], fresh(40, 10));
            assertSame(rows[1], fresh(concat(PROMPT, 20)));
            assertSame(rows[2], fresh(1, 2, 30));
        }
    }

    @Test
    void resetEmptiesOneSlotOnly() throws IOException {
        try (TokenModel model = open(2, Map.of())) {
            model.prefill(0, PROMPT, true, Models.NEVER);
            model.prefill(1, PROMPT, true, Models.NEVER);
            model.reset(0);
            assertSame(model.prefill(0, new int[] {40}, true, Models.NEVER), fresh(40));
            assertSame(model.decode(new int[] {1}, new int[] {7})[0], fresh(concat(PROMPT, 7)));
        }
    }

    @Test
    void prefillWithoutLogitsGivesNone() throws IOException {
        try (TokenModel model = open(1, Map.of())) {
            assertThat(model.prefill(0, PROMPT, false, Models.NEVER)).isEmpty();
        }
    }

    @Test
    void cancelledPrefillStopsBetweenBatches() throws IOException {
        try (TokenModel model = open(1, Map.of("batch", "2"))) {
            AtomicInteger asked = new AtomicInteger();
            assertThat(model.prefill(0, PROMPT, true, () -> asked.incrementAndGet() > 2)).isEmpty();
            assertThat(asked).hasValue(3);
            model.reset(0);
            assertSame(model.prefill(0, PROMPT, true, Models.NEVER), fresh(PROMPT));
        }
    }

    @Test
    void wrongArgumentsAreRefusedBeforeTheyReachTheLibrary() throws IOException {
        try (TokenModel model = open(2, Map.of())) {
            fails(
                    Kind.BAD_REQUEST,
                    "at least one",
                    () -> model.prefill(0, new int[0], true, Models.NEVER));
            fails(
                    Kind.BAD_REQUEST,
                    "96",
                    () -> model.prefill(0, new int[] {96}, true, Models.NEVER));
            fails(Kind.BAD_REQUEST, "-1", () -> model.decode(new int[] {0}, new int[] {-1}));
            fails(
                    Kind.CONTEXT_OVERFLOW,
                    "64",
                    () -> model.prefill(0, new int[65], true, Models.NEVER));
            assertThatThrownBy(() -> model.decode(new int[] {0, 0}, new int[] {1, 1}))
                    .hasMessageContaining("twice");
            assertThatThrownBy(() -> model.decode(new int[] {2}, new int[] {1}))
                    .hasMessageContaining("outside");
            assertSame(model.prefill(0, PROMPT, true, Models.NEVER), fresh(PROMPT));
        }
    }

    @Test
    void fullSlotOverflowsAndTheOthersGoOn() throws IOException {
        try (TokenModel model = open(2, Map.of())) {
            model.prefill(0, new int[64], true, Models.NEVER);
            model.prefill(1, PROMPT, true, Models.NEVER);
            fails(
                    Kind.CONTEXT_OVERFLOW,
                    "holds 64",
                    () -> model.decode(new int[] {1, 0}, new int[] {7, 7}));
            assertSame(model.decode(new int[] {1}, new int[] {7})[0], fresh(concat(PROMPT, 7)));
        }
    }

    @Test
    void modelBelongsToTheThreadThatUsesItFirst() throws IOException {
        try (TokenModel model = open(1, Map.of())) {
            model.prefill(0, PROMPT, true, Models.NEVER);
            assertThatThrownBy(() -> CompletableFuture.runAsync(() -> model.reset(0)).join())
                    .hasMessageContaining("belongs to thread");
        }
    }

    @Test
    void closedModelRefusesAndClosesAgain() throws IOException {
        TokenModel model = open(1, Map.of());
        model.close();
        model.close();
        assertThatThrownBy(() -> model.reset(0)).hasMessageContaining("closed");
    }
}
