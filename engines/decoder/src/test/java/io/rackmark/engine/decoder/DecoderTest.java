package io.rackmark.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.Completion;
import io.rackmark.engine.Completion.Finish;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.GenerationListener;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.Message;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import io.rackmark.engine.testkit.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DecoderTest {

    @Test
    void answerDoesNotDependOnWhoSharesTheBatch() throws Exception {
        List<List<Integer>> alone = new ArrayList<>();
        try (Decoder decoder = Decoder.open(new HashModel(128, 1, 64), Embedded.files())) {
            for (int i = 0; i < 12; i++) {
                alone.add(Recorder.run(decoder, request(i)).tokens());
            }
        }
        HashModel shared = new HashModel(128, 4, 5);
        try (Decoder decoder = Decoder.open(shared, Embedded.files());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Recorder>> together = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                GenerationRequest request = request(i);
                together.add(threads.submit(() -> Recorder.run(decoder, request)));
            }
            for (int i = 0; i < 12; i++) {
                assertThat(together.get(i).get().tokens()).isEqualTo(alone.get(i));
            }
        }
    }

    @Test
    void tokenizerOfALargerModelIsABadModel() {
        HashModel model = new HashModel(100, 64, 1, 64);
        assertThatThrownBy(() -> Decoder.open(model, Embedded.files()))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BAD_MODEL))
                .hasMessageContaining("the model embedded knows 100: they are not of one model");
        assertThat(model.closes.get()).isEqualTo(1);
    }

    @Test
    void promptIsPrefilledInChunks() {
        HashModel model = new HashModel(64, 1, 10);
        try (Decoder decoder = Decoder.open(model, Embedded.files())) {
            Recorder.run(decoder, Embedded.request(1, 25, 3));
        }
        assertThat(model.calls())
                .containsExactly(
                        "prefill 0 of 10",
                        "prefill 0 of 10",
                        "prefill 0 of 5",
                        "decode 1",
                        "decode 1");
    }

    @Test
    void whatOnlyFillsTheCacheIsPrefilledInChunksOfItsOwnAndTimedApart() {
        HashModel model = new HashModel(64, 1, 10);
        model.beforePrefill = () -> pause(5);
        try (Decoder decoder = Decoder.open(model, Embedded.files())) {
            GenerationRequest plain = Embedded.request(1, 25, 3);
            Recorder whole = Recorder.run(decoder, plain);
            Recorder deep = Recorder.run(decoder, atDepth(plain, 12));

            assertThat(deep.tokens()).isEqualTo(whole.tokens());
            Completion.Phases phases = deep.completion().phases();
            assertThat(phases.fillNanos()).isGreaterThanOrEqualTo(10_000_000);
            assertThat(phases.prefillNanos()).isGreaterThanOrEqualTo(10_000_000);
            assertThat(whole.completion().phases().fillNanos()).isZero();
            assertThatThrownBy(() -> Recorder.run(decoder, atDepth(plain, 25)))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("the depth of 25 leaves nothing of the prompt of 25");
        }
        assertThat(model.calls().subList(5, 9))
                .containsExactly(
                        "prefill 0 of 10", "prefill 0 of 2", "prefill 0 of 10", "prefill 0 of 3");
    }

    private static GenerationRequest atDepth(GenerationRequest request, int depth) {
        return new GenerationRequest(
                request.prompt(),
                request.sampling(),
                request.maxTokens(),
                request.stop(),
                request.ignoreEnd(),
                depth,
                request.format());
    }

    private static void pause(int millis) {
        long end = System.nanoTime() + millis * 1_000_000L;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void runningSequencesDecodeBetweenTheChunksOfALongPrompt() throws Exception {
        HashModel model = new HashModel(128, 2, 10);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch joined = new CountDownLatch(1);
        model.beforeDecode =
                () -> {
                    started.countDown();
                    await(joined);
                };
        try (Decoder decoder = Decoder.open(model, Embedded.files());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first =
                    threads.submit(() -> Recorder.run(decoder, Embedded.request(1, 5, 40)));
            await(started);
            Future<?> second =
                    threads.submit(() -> Recorder.run(decoder, Embedded.request(2, 35, 2)));
            Thread.sleep(100);
            joined.countDown();
            first.get();
            second.get();
        }
        assertThat(String.join(", ", model.calls()))
                .contains(
                        "prefill 1 of 10, decode 1, prefill 1 of 10, decode 1, prefill 1 of 10,"
                                + " decode 1, prefill 1 of 5, decode 2");
    }

    @Test
    void waitingRequestsAreServedInOrderOfArrival() throws Exception {
        HashModel model = new HashModel(64, 1, 64);
        CountDownLatch gate = new CountDownLatch(1);
        model.beforePrefill = () -> await(gate);
        List<Integer> order = java.util.Collections.synchronizedList(new ArrayList<>());
        try (Decoder decoder = Decoder.open(model, Embedded.files());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int number = i;
                all.add(
                        threads.submit(
                                () ->
                                        decoder.generate(
                                                Embedded.request(number, 4, 1),
                                                (token, text) -> order.add(number))));
                Thread.sleep(50);
            }
            gate.countDown();
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void cancelIsHeardBetweenPrefillChunks() {
        HashModel model = new HashModel(128, 1, 10);
        GenerationListener listener =
                new GenerationListener() {
                    @Override
                    public void onToken(int token, String text) {
                        throw new AssertionError("no token was due");
                    }

                    @Override
                    public boolean cancelled() {
                        return model.calls().size() >= 2;
                    }
                };
        try (Decoder decoder = Decoder.open(model, Embedded.files())) {
            Completion completion = decoder.generate(Embedded.request(1, 95, 5), listener);
            assertThat(completion.finish()).isEqualTo(Finish.CANCELLED);
            assertThat(completion.outputTokens()).isZero();
            assertThat(model.calls()).hasSize(2);
            assertThat(Recorder.run(decoder, Embedded.request(2, 4, 3)).tokens()).hasSize(3);
        }
    }

    @Test
    void closeCancelsWhatRunsAndWhatWaitsAndClosesTheModelOnce() throws Exception {
        HashModel model = new HashModel(4096, 1, 64);
        CountDownLatch started = new CountDownLatch(1);
        model.beforeDecode =
                () -> {
                    started.countDown();
                    sleep();
                };
        Decoder decoder = Decoder.open(model, Embedded.files());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Recorder> running =
                    threads.submit(() -> Recorder.run(decoder, Embedded.request(1, 4, 4000)));
            await(started);
            Future<Recorder> waiting =
                    threads.submit(() -> Recorder.run(decoder, Embedded.request(2, 4, 4000)));
            Thread.sleep(50);
            decoder.close();
            decoder.close();
            assertThat(running.get().completion().finish()).isEqualTo(Finish.CANCELLED);
            assertThat(running.get().completion().text()).isEqualTo(running.get().text());
            assertThat(waiting.get().completion().finish()).isEqualTo(Finish.CANCELLED);
        }
        assertThat(model.closes).hasValue(1);
        assertThatThrownBy(() -> Recorder.run(decoder, Embedded.request(1, 4, 4)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void failingDecodeFailsItsRequestAndTheNextOneRuns() {
        HashModel model = new HashModel(64, 1, 64);
        try (Decoder decoder = Decoder.open(model, Embedded.files())) {
            model.beforeDecode =
                    () -> {
                        throw new OutOfMemoryError("no room");
                    };
            assertFails(decoder, Embedded.request(1, 4, 4), Kind.OUT_OF_MEMORY, "no room");
            model.beforeDecode =
                    () -> {
                        throw new IllegalStateException("lost");
                    };
            assertFails(decoder, Embedded.request(1, 4, 4), Kind.INTERNAL, "lost");
            model.beforeDecode = () -> {};
            assertThat(Recorder.run(decoder, Embedded.request(1, 4, 4)).tokens()).hasSize(4);
        }
    }

    @Test
    void logitsThatAreNotNumbersAreAnInternalError() {
        HashModel model = new HashModel(64, 1, 64);
        model.broken = true;
        try (Decoder decoder = Decoder.open(model, Embedded.files())) {
            assertFails(decoder, Embedded.request(1, 4, 4), Kind.INTERNAL, "NaN");
        }
    }

    @Test
    void overflowNamesTheNumbersAndWhatToDo() {
        try (Decoder decoder = Decoder.open(new HashModel(64, 1, 64), Embedded.files())) {
            assertFails(
                    decoder,
                    Embedded.request(1, 64, 4),
                    Kind.CONTEXT_OVERFLOW,
                    "prompt of 64 tokens and one more do not fit the context of 64 tokens: raise");
            Completion full = Recorder.run(decoder, Embedded.request(1, 60, 99)).completion();
            assertThat(full.finish()).isEqualTo(Finish.LENGTH);
            assertThat(full.outputTokens()).isEqualTo(4);
        }
    }

    @Test
    void interruptedCallerGetsItsRequestCancelled() throws Exception {
        HashModel model = new HashModel(4096, 1, 64);
        model.beforeDecode = DecoderTest::sleep;
        try (Decoder decoder = Decoder.open(model, Embedded.files())) {
            List<Completion> ends = new ArrayList<>();
            CountDownLatch first = new CountDownLatch(1);
            Thread caller =
                    Thread.ofPlatform()
                            .start(
                                    () ->
                                            ends.add(
                                                    decoder.generate(
                                                            Embedded.request(1, 4, 4000),
                                                            (token, text) -> first.countDown())));
            await(first);
            caller.interrupt();
            caller.join();
            assertThat(ends)
                    .singleElement()
                    .extracting(Completion::finish)
                    .isEqualTo(Finish.CANCELLED);
        }
    }

    @Test
    void phasesAddUpToNoMoreThanTheWholeTime() {
        try (Decoder decoder = Decoder.open(new HashModel(256, 1, 16), Embedded.files())) {
            Prompt chat = new Prompt.Chat(List.of(new Message(Message.Role.USER, "How many?")));
            long start = System.nanoTime();
            Completion completion =
                    Recorder.run(
                                    decoder,
                                    new GenerationRequest(
                                            chat, Sampling.GREEDY, 20, List.of(), true))
                            .completion();
            long whole = System.nanoTime() - start;
            Completion.Phases p = completion.phases();
            assertThat(
                            List.of(
                                    p.templateNanos(),
                                    p.tokenizeNanos(),
                                    p.prefillNanos(),
                                    p.decodeNanos()))
                    .allSatisfy(nanos -> assertThat(nanos).isPositive());
            long sum =
                    p.queueNanos()
                            + p.templateNanos()
                            + p.tokenizeNanos()
                            + p.prefillNanos()
                            + p.decodeNanos()
                            + p.sampleNanos()
                            + p.detokenizeNanos();
            assertThat(sum).isLessThanOrEqualTo(whole);
        }
    }

    private static GenerationRequest request(int number) {
        return Embedded.request(number, 3 + 7 * number, 5 + number);
    }

    private static void assertFails(
            Decoder decoder, GenerationRequest request, Kind kind, String message) {
        assertThatThrownBy(() -> Recorder.run(decoder, request))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(message);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
