package io.rackmark.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Completion;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.Message;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerProcessTest {
    @TempDir Path work;

    @Test
    void aWorkerDescribesOpensLoadsAndGenerates() {
        try (WorkerProcess worker = WorkerLauncher.start(Workers.spec(work, Map.of()))) {
            Started started = worker.started();
            assertThat(started.mainNanos() - started.execNanos()).isPositive();
            Described described = worker.describe();
            assertThat(described.description()).isEqualTo(new TimedProvider().describe());
            assertThat(described.availability()).isInstanceOf(Availability.Available.class);
            EngineOpened opened = worker.open();
            assertThat(opened.readyNanos()).isGreaterThanOrEqualTo(opened.startedNanos());
            assertThat(opened.facts()).isNotEmpty();
            ModelLoaded loaded =
                    worker.load(Workers.model("good"), new LoadOptions(64, 2, 1, "cpu"));
            assertThat(loaded.facts().slots()).isEqualTo(2);
            assertThat(worker.tokens(new Prompt.Text("ab"))).containsExactly(97, 98);
            assertThat(worker.tokens(new Prompt.Chat(List.of(new Message(Message.Role.USER, "?")))))
                    .containsExactly(0);
            Generated generated = worker.generate(Workers.request(5), null);
            assertThat(generated.tokenIds()).containsExactly(0, 1, 2, 3, 4);
            assertThat(generated.completion().promptTokens()).containsExactly(5, 6, 7);
            assertThat(generated.completion().finish()).isEqualTo(Completion.Finish.LENGTH);
            assertThat(generated.completion().phases())
                    .isEqualTo(new Completion.Phases(1, 2, 3, 4, 5, 6, 7));
        }
    }

    @Test
    void logitsComeThroughUnchangedAndLeaveNoFileBehind() throws IOException {
        try (WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of()))) {
            float[][] rows = worker.logits(List.of(4, 5, 6), List.of(7)).orElseThrow();
            assertThat(rows).hasDimensions(2, 100);
            assertThat(rows[0]).containsOnly(3f);
            assertThat(rows[1]).containsOnly(4f);
            try (var files = Files.list(work)) {
                assertThat(files.filter(file -> file.toString().endsWith(".f32"))).isEmpty();
            }
        }
    }

    @Test
    void theClockOfAWorkerIsTheClockOfTheRunnerOnLinux() {
        try (WorkerProcess worker = WorkerLauncher.start(Workers.spec(work, Map.of()))) {
            assertThat(worker.started().comparable())
                    .isEqualTo(System.getProperty("os.name").equals("Linux"));
        }
    }

    @Test
    void tokenTimesAreTheTimesAtWhichTheEngineHandedTokensOver() {
        try (WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of("token-ms", "1")))) {
            worker.generate(Workers.request(200), null);
            Generated generated = worker.generate(Workers.request(401), null);
            long[] truth =
                    Arrays.stream(generated.completion().text().split(" "))
                            .mapToLong(Long::parseLong)
                            .toArray();
            long[] late =
                    IntStream.range(0, truth.length)
                            .mapToLong(i -> generated.tokenNanos()[i] - truth[i])
                            .sorted()
                            .toArray();
            assertThat(late).hasSize(401);
            assertThat(late[0]).isNotNegative();
            assertThat(late[200]).isLessThan(50_000);
            assertThat(generated.sentNanos()).isLessThan(truth[0]);
        }
    }

    @Test
    void logprobsComeThroughUnchangedWithTheTextOfTheirTokens() {
        try (WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of()))) {
            List<TextDelta> deltas = new ArrayList<>();
            worker.generate(Workers.request(4).withLogprobs(2), deltas::add, new Cancellation());
            worker.generate(Workers.request(4), deltas::add, new Cancellation());
            List<TextDelta> truth = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                truth.add(
                        new TextDelta(
                                "t" + i % 4 + " ",
                                i < 4 ? List.of(TimedModel.logprobs(i, 2)) : List.of()));
            }
            assertThat(deltas).usingRecursiveComparison().isEqualTo(truth);
        }
    }

    @Test
    void textArrivesWhileItIsGeneratedWhenAskedFor() {
        try (WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of("token-ms", "20")))) {
            List<String> texts = new ArrayList<>();
            List<Long> arrivals = new ArrayList<>();
            Generated generated =
                    worker.generate(
                            Workers.request(10),
                            text -> {
                                texts.add(text);
                                arrivals.add(System.nanoTime());
                            });
            assertThat(String.join("", texts)).isEqualTo("t0 t1 t2 t3 t4 t5 t6 t7 t8 t9 ");
            assertThat(arrivals.getFirst()).isLessThan(generated.tokenNanos()[9]);
        }
    }

    @Test
    void aConsumerOfTextThatFailsEndsItsRequestAlone() {
        try (WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of("token-ms", "5")))) {
            assertThatThrownBy(
                            () ->
                                    worker.generate(
                                            Workers.request(4000),
                                            _ -> {
                                                throw new IllegalStateException("full");
                                            }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("full");
            assertThat(worker.generate(Workers.request(2), null).tokenIds()).hasSize(2);
        }
    }

    @Test
    void cancelEndsRunningRequestsEarly() throws Exception {
        try (WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of("token-ms", "10")))) {
            CompletableFuture<Generated> running = new CompletableFuture<>();
            CompletableFuture<Void> begun = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(
                            () ->
                                    running.complete(
                                            worker.generate(
                                                    Workers.request(4000),
                                                    _ -> begun.complete(null))));
            begun.get(20, TimeUnit.SECONDS);
            worker.cancel();
            Generated generated = running.get(20, TimeUnit.SECONDS);
            assertThat(generated.completion().finish()).isEqualTo(Completion.Finish.CANCELLED);
            assertThat(generated.tokenIds()).hasSizeBetween(1, 3999);
        }
    }

    @Test
    void aCancellationEndsItsRequestAndNoOther() throws Exception {
        try (WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of("token-ms", "5")))) {
            Cancellation cancellation = new Cancellation();
            CompletableFuture<Generated> other =
                    CompletableFuture.supplyAsync(
                            () -> worker.generate(Workers.request(30), null),
                            task -> Thread.ofVirtual().start(task));
            Generated cancelled =
                    worker.generate(
                            Workers.request(4000), _ -> cancellation.cancel(), cancellation);
            assertThat(cancelled.completion().finish()).isEqualTo(Completion.Finish.CANCELLED);
            Generated whole = other.get(20, TimeUnit.SECONDS);
            assertThat(whole.completion().finish()).isEqualTo(Completion.Finish.LENGTH);
            assertThat(whole.tokenIds()).hasSize(30);
        }
    }

    @Test
    void aRequestCancelledBeforeItIsSentEndsAtOnce() {
        try (WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of("token-ms", "5")))) {
            Cancellation cancellation = new Cancellation();
            cancellation.cancel();
            Generated generated = worker.generate(Workers.request(4000), null, cancellation);
            assertThat(generated.completion().finish()).isEqualTo(Completion.Finish.CANCELLED);
            assertThat(generated.tokenIds()).hasSizeLessThan(400);
        }
    }

    @Test
    void severalRequestsOfOneWorkerKeepTheirTokensApart() throws Exception {
        try (WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of("token-ms", "1")))) {
            List<CompletableFuture<Generated>> all =
                    IntStream.rangeClosed(1, 8)
                            .mapToObj(
                                    n ->
                                            CompletableFuture.supplyAsync(
                                                    () ->
                                                            worker.generate(
                                                                    Workers.request(10 * n), null),
                                                    task -> Thread.ofVirtual().start(task)))
                            .toList();
            for (int n = 1; n <= 8; n++) {
                assertThat(all.get(n - 1).get(20, TimeUnit.SECONDS).tokenIds()).hasSize(10 * n);
            }
        }
    }

    @Test
    void twoWorkersRunAtOnce() {
        try (WorkerProcess one = Workers.ready(Workers.spec(work, Map.of()));
                WorkerProcess two = Workers.ready(Workers.spec(work, Map.of()))) {
            assertThat(one.started().pid()).isNotEqualTo(two.started().pid());
            assertThat(one.generate(Workers.request(2), null).tokenIds()).hasSize(2);
            assertThat(two.generate(Workers.request(3), null).tokenIds()).hasSize(3);
        }
    }

    @Test
    void whatAnEngineRefusesLeavesTheWorkerUsable() {
        try (WorkerProcess worker = WorkerLauncher.start(Workers.spec(work, Map.of()))) {
            LoadOptions load = new LoadOptions(64, 1, 1, "cpu");
            assertThatThrownBy(() -> worker.load(Workers.model("good"), load))
                    .hasMessageContaining("open it before");
            worker.open();
            assertThatThrownBy(() -> worker.load(Workers.model("broken"), load))
                    .hasMessageContaining("größe/model.gguf is broken")
                    .asInstanceOf(type(WorkerException.class))
                    .satisfies(
                            e -> {
                                assertThat(e.kind()).isEqualTo(WorkerException.Kind.ENGINE);
                                assertThat(e.engineKind())
                                        .isEqualTo(EngineException.Kind.BAD_MODEL);
                            });
            worker.load(Workers.model("good"), load);
            GenerationRequest empty =
                    new GenerationRequest(
                            new Prompt.Text(""), Sampling.GREEDY, 1, List.of(), false);
            assertThatThrownBy(() -> worker.generate(empty, null))
                    .hasMessageContaining("the prompt is empty");
            assertThatThrownBy(() -> worker.generate(Workers.request(65), null))
                    .hasMessageContaining("at most 64");
            assertThat(worker.generate(Workers.request(2), null).tokenIds()).hasSize(2);
        }
    }

    @Test
    void anUnknownOptionIsRefusedWithTheKnownOnes() {
        try (WorkerProcess worker =
                WorkerLauncher.start(Workers.spec(work, Map.of("speed", "9")))) {
            assertThatThrownBy(worker::open)
                    .hasMessageContaining("unknown option 'speed'")
                    .hasMessageContaining("token-ms");
        }
    }

    @Test
    void anEngineThatIsNotOnTheClassPathIsRefused() {
        WorkerSpec spec = WorkerSpec.of("other", Workers.classPath(), Map.of(), work);
        try (WorkerProcess worker = WorkerLauncher.start(spec)) {
            assertThatThrownBy(worker::describe)
                    .hasMessageContaining("must hold engine other and no other; it holds timed");
        }
    }

    @Test
    void collectorPausesOfARequestAreReported() {
        try (WorkerProcess worker =
                Workers.ready(Workers.spec(work, Map.of("misdeed", "collect")))) {
            Generated collected = worker.generate(Workers.request(10), null);
            assertThat(collected.gcTotalPauseNanos()).isPositive();
            assertThat(collected.gcMaxPauseNanos())
                    .isPositive()
                    .isLessThanOrEqualTo(collected.gcTotalPauseNanos());
            assertThat(worker.generate(Workers.request(2), null).gcTotalPauseNanos()).isZero();
        }
    }

    @Test
    void memoryOfAWorkerIsReadFromOutside() {
        try (WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of()))) {
            MemorySnapshot memory = worker.memory();
            if (Files.exists(Path.of("/proc/self/status"))) {
                assertThat(memory.rssBytes()).isGreaterThan(10_000_000);
                assertThat(memory.peakRssBytes()).isGreaterThanOrEqualTo(memory.mappedFileBytes());
            } else {
                assertThat(memory).isEqualTo(new MemorySnapshot(null, null, null, null));
            }
        }
    }

    @Test
    void closeClosesTheModelTheEngineAndTheProcess() throws IOException {
        WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of()));
        worker.close();
        worker.close();
        assertThat(ProcessHandle.of(worker.started().pid()).filter(ProcessHandle::isAlive))
                .isEmpty();
        assertThat(Files.readString(worker.logFile())).contains("model closed", "engine closed");
        assertThatThrownBy(() -> worker.generate(Workers.request(1), null))
                .isInstanceOf(WorkerException.class);
    }
}
