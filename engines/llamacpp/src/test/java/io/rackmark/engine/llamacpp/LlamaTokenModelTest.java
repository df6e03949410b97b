package io.rackmark.engine.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.decoder.TokenModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaTokenModelTest {
    private static final int[] PROMPT = {5, 9, 33, 2, 17, 60, 41, 8, 8, 21, 3};

    @TempDir static Path directory;
    private static Path gguf;

    @BeforeAll
    static void writeModel() throws IOException {
        gguf = TinyGguf.write(directory, TinyGguf.small());
    }

    /** With which library; another one in a subclass. */
    Models models() {
        return Models.SHIPPED;
    }

    /** KV cells of 3 slots of 64 tokens: b4916 adds as many as one batch has to defragment in. */
    long cachedTokens() {
        return 192 + 192;
    }

    /** Logits after {@code tokens} from a model that has seen nothing else. */
    private float[] fresh(int... tokens) {
        try (TokenModel model = models().open(gguf, 64, 1)) {
            return model.prefill(0, tokens, true, Models.NEVER).clone();
        }
    }

    private static void assertSame(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            // f16 in the KV cache and other batch shapes round differently.
            assertThat(actual[i]).as("logit " + i).isCloseTo(expected[i], within(2e-2f));
        }
        assertThat(argmax(actual)).isEqualTo(argmax(expected));
    }

    private static int argmax(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    private static int[] concat(int[] head, int... tail) {
        int[] all = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }

    @Test
    void shapeTellsVocabularyContextSlotsAndCache() {
        try (TokenModel model = models().open(gguf, 64, 3)) {
            assertThat(model.shape().vocabulary()).isEqualTo(TinyGguf.VOCABULARY);
            assertThat(model.shape().contextTokens()).isEqualTo(64);
            assertThat(model.shape().slots()).isEqualTo(3);
            assertThat(model.shape().kvCacheBytes()).isCloseTo(kvBytes(4), within(10_486L));
            assertThat(model.shape().facts())
                    .extracting(fact -> fact.name())
                    .contains("threads", "n-batch", "n-ubatch", "mmap", "model-bytes");
        }
    }

    @Test
    void keysAndValuesAreCachedInHalfTheBytesWhenAskedFor() {
        try (TokenModel model = models().open(gguf, 64, 3, Map.of("kv-type", "f16"))) {
            assertThat(model.shape().kvCacheBytes()).isCloseTo(kvBytes(2), within(10_486L));
        }
    }

    /** 2 layers of 32 key and 32 value elements; the engine tells it to 0.01 MiB. */
    private long kvBytes(int elementBytes) {
        return cachedTokens() * 2 * 64 * elementBytes;
    }

    @Test
    void differentPromptsGiveDifferentLogits() {
        assertThat(fresh(PROMPT)).isNotEqualTo(fresh(concat(PROMPT, 7)));
    }

    @Test
    void chunkedPrefillGivesTheLogitsOfOneCall() {
        try (TokenModel model = models().open(gguf, 64, 1, Map.of("ubatch", "4"))) {
            assertSame(model.prefill(0, PROMPT, true, Models.NEVER), fresh(PROMPT));
        }
    }

    @Test
    void prefillInSeveralCallsGivesTheLogitsOfOneCall() {
        try (TokenModel model = models().open(gguf, 64, 1)) {
            int[] more = {1, 2, 3};
            assertThat(model.prefill(0, PROMPT, false, Models.NEVER)).isEmpty();
            assertSame(model.prefill(0, more, true, Models.NEVER), fresh(concat(PROMPT, more)));
        }
    }

    @Test
    void decodeGivesTheLogitsOfPrefillingTheSameTokens() {
        try (TokenModel model = models().open(gguf, 64, 1)) {
            model.prefill(0, PROMPT, true, Models.NEVER);
            int[] one = {0};
            model.decode(one, new int[] {7});
            assertSame(model.decode(one, new int[] {11})[0], fresh(concat(PROMPT, 7, 11)));
        }
    }

    @Test
    void slotsDecodedTogetherDoNotSeeEachOther() {
        try (TokenModel model = models().open(gguf, 64, 3)) {
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
    void resetEmptiesOneSlotOnly() {
        try (TokenModel model = models().open(gguf, 64, 2)) {
            model.prefill(0, PROMPT, true, Models.NEVER);
            model.prefill(1, PROMPT, true, Models.NEVER);
            model.reset(0);
            assertSame(model.prefill(0, new int[] {40}, true, Models.NEVER), fresh(40));
            assertSame(model.decode(new int[] {1}, new int[] {7})[0], fresh(concat(PROMPT, 7)));
        }
    }

    @Test
    void cacheBrokenUpByManyRequestsStillTakesEverySlotsWholeContext() {
        int slots = 4;
        int context = 24;
        Random random = new Random(4);
        List<List<Integer>> held = new ArrayList<>();
        try (TokenModel model = models().open(gguf, context, slots)) {
            for (int i = 0; i < slots; i++) {
                held.add(new ArrayList<>());
            }
            for (int step = 0; step < 300; step++) {
                int slot = random.nextInt(slots);
                List<Integer> tokens = held.get(slot);
                int room = context - tokens.size();
                if (room == 0 || random.nextInt(12) == 0) {
                    model.reset(slot);
                    tokens.clear();
                    room = context;
                }
                int[] added = random.ints(random.nextInt(room) + 1, 0, 64).toArray();
                for (int token : added) {
                    tokens.add(token);
                }
                float[] logits = model.prefill(slot, added, true, Models.NEVER);
                if (step % 20 == 0) {
                    assertSame(logits, fresh(tokens.stream().mapToInt(i -> i).toArray()));
                }
                decodeAllWithRoom(model, held, context, random);
            }
        }
    }

    private static void decodeAllWithRoom(
            TokenModel model, List<List<Integer>> held, int context, Random random) {
        int[] ready =
                IntStream.range(0, held.size())
                        .filter(i -> !held.get(i).isEmpty() && held.get(i).size() < context)
                        .toArray();
        if (ready.length > 0) {
            int[] tokens = random.ints(ready.length, 0, 64).toArray();
            model.decode(ready, tokens);
            for (int i = 0; i < ready.length; i++) {
                held.get(ready[i]).add(tokens[i]);
            }
        }
    }

    @Test
    void prefillStopsInsideAChunkWhenCancelledAndTheSlotIsUsableAfterReset() {
        try (TokenModel model = models().open(gguf, 64, 1)) {
            AtomicInteger asked = new AtomicInteger();
            float[] none = model.prefill(0, PROMPT, true, () -> asked.incrementAndGet() > 10);
            assertThat(none).isEmpty();
            assertThat(asked).hasValueLessThan(15);
            model.reset(0);
            assertSame(model.prefill(0, PROMPT, true, Models.NEVER), fresh(PROMPT));
        }
    }

    @Test
    void cancelledPrefillLeavesTheOtherSlotsAlone() {
        try (TokenModel model = models().open(gguf, 64, 2)) {
            model.prefill(0, PROMPT, true, Models.NEVER);
            AtomicInteger asked = new AtomicInteger();
            model.prefill(1, PROMPT, true, () -> asked.incrementAndGet() > 10);
            model.reset(1);
            assertSame(model.decode(new int[] {0}, new int[] {7})[0], fresh(concat(PROMPT, 7)));
        }
    }

    @Test
    void cancelledBeforeTheStartComputesNothing() {
        try (TokenModel model = models().open(gguf, 64, 1)) {
            assertThat(model.prefill(0, PROMPT, true, () -> true)).isEmpty();
        }
    }

    @Test
    void failingCancelCheckFailsTheCallAndNotTheProcess() {
        try (TokenModel model = models().open(gguf, 64, 1)) {
            AtomicInteger asked = new AtomicInteger();
            assertThatThrownBy(
                            () ->
                                    model.prefill(
                                            0,
                                            PROMPT,
                                            true,
                                            () -> {
                                                if (asked.incrementAndGet() > 5) {
                                                    throw new IllegalStateException("no answer");
                                                }
                                                return false;
                                            }))
                    .hasMessage("no answer");
            model.reset(0);
            assertSame(model.prefill(0, PROMPT, true, Models.NEVER), fresh(PROMPT));
        }
    }

    @Test
    void wrongArgumentsAreRefusedBeforeTheyReachNativeCode() {
        try (TokenModel model = models().open(gguf, 16, 2)) {
            int[] one = {0};
            refused(Kind.BAD_REQUEST, () -> model.prefill(0, new int[0], true, Models.NEVER));
            refused(Kind.BAD_REQUEST, () -> model.prefill(0, new int[] {-1}, true, Models.NEVER));
            refused(Kind.BAD_REQUEST, () -> model.prefill(0, new int[] {64}, true, Models.NEVER));
            refused(Kind.BAD_REQUEST, () -> model.decode(one, new int[] {9_999_999}));
            refused(Kind.CONTEXT_OVERFLOW, () -> model.prefill(0, new int[17], true, Models.NEVER));
            model.prefill(0, new int[16], true, Models.NEVER);
            refused(Kind.CONTEXT_OVERFLOW, () -> model.decode(one, one));
            assertThatThrownBy(() -> model.prefill(2, one, true, Models.NEVER))
                    .hasMessageContaining("slot 2 outside [0, 2)");
            assertThatThrownBy(() -> model.reset(-1)).hasMessageContaining("slot -1");
            assertThatThrownBy(() -> model.decode(new int[] {1, 1}, new int[2]))
                    .hasMessageContaining("slot 1 given twice");
            assertThatThrownBy(() -> model.decode(new int[0], new int[0]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> model.decode(one, new int[2]))
                    .isInstanceOf(IllegalArgumentException.class);
            model.reset(0);
            assertSame(model.prefill(0, PROMPT, true, Models.NEVER), fresh(PROMPT));
        }
    }

    private static void refused(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void useAfterCloseIsRefused() {
        TokenModel model = models().open(gguf, 16, 1);
        model.close();
        model.close();
        assertThatThrownBy(() -> model.reset(0)).hasMessageContaining("closed");
        assertThatThrownBy(() -> model.prefill(0, PROMPT, true, Models.NEVER))
                .hasMessageContaining("closed");
    }

    @Test
    void secondThreadIsRefused() {
        try (TokenModel model = models().open(gguf, 16, 1)) {
            model.prefill(0, PROMPT, true, Models.NEVER);
            CompletableFuture<Void> other =
                    CompletableFuture.runAsync(() -> model.reset(0), command -> thread(command));
            assertThatThrownBy(other::join).hasMessageContaining("the model belongs to thread");
        }
    }

    private static void thread(Runnable command) {
        Thread.ofPlatform().name("other").start(command);
    }

    @Test
    void twoModelsLiveSideBySide() {
        try (TokenModel first = models().open(gguf, 32, 1);
                TokenModel second = models().open(gguf, 64, 2)) {
            first.prefill(0, PROMPT, true, Models.NEVER);
            second.prefill(1, new int[] {40}, true, Models.NEVER);
            int[] token = {10};
            assertSame(first.decode(new int[] {0}, token)[0], fresh(concat(PROMPT, 10)));
            assertSame(second.decode(new int[] {1}, token)[0], fresh(40, 10));
        }
    }
}
