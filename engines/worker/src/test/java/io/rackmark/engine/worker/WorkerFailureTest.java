package io.rackmark.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.worker.WorkerException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerFailureTest {
    @TempDir Path work;

    @Test
    void aCrashInNativeCodeIsReportedWithItsSignalAndReport() throws IOException {
        WorkerException failure = failureOf("segv");
        assertThat(failure.kind()).isEqualTo(Kind.CRASH);
        assertThat(failure.signal()).isEqualTo("SIGSEGV");
        assertThat(failure.exitCode()).isEqualTo(1);
        assertThat(failure).hasMessageContaining("SIGSEGV (exit code 1)");
        assertThat(failure.lastLogLines()).isNotEmpty().hasSizeLessThanOrEqualTo(20);
        try (var files = Files.list(work)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("hs_err_pid"));
        }
    }

    @Test
    void anExitOfTheProcessIsReportedWithItsCode() {
        WorkerException failure = failureOf("exit");
        assertThat(failure.kind()).isEqualTo(Kind.CRASH);
        assertThat(failure.exitCode()).isEqualTo(17);
        assertThat(failure.signal()).isNull();
    }

    @Test
    void aKilledWorkerIsNoticedAtOnce() throws Exception {
        try (WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of("token-ms", "20")))) {
            CompletableFuture<Void> begun = new CompletableFuture<>();
            CompletableFuture<WorkerException> failure = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(
                            () ->
                                    failure.complete(
                                            catchThrowableOfType(
                                                    WorkerException.class,
                                                    () ->
                                                            worker.generate(
                                                                    Workers.request(4000),
                                                                    _ -> begun.complete(null)))));
            begun.get(20, TimeUnit.SECONDS);
            ProcessHandle.of(worker.started().pid()).orElseThrow().destroyForcibly();
            assertThat(failure.get(10, TimeUnit.SECONDS).signal()).isEqualTo("SIGKILL");
            assertThat(failure.get().kind()).isEqualTo(Kind.CRASH);
        }
    }

    @Test
    void aRequestWithoutProgressIsKilledAsHung() {
        Timeouts stall =
                new Timeouts(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5));
        WorkerSpec spec = Workers.patient(Workers.spec(work, Map.of("misdeed", "hang")), stall);
        try (WorkerProcess worker = Workers.ready(spec)) {
            WorkerException failure =
                    catchThrowableOfType(
                            WorkerException.class, () -> worker.generate(Workers.request(5), null));
            assertThat(failure.kind()).isEqualTo(Kind.HANG);
            assertThat(failure).hasMessageContaining("no token for 2000 ms after 3 tokens");
            assertThat(ProcessHandle.of(worker.started().pid()).filter(ProcessHandle::isAlive))
                    .isEmpty();
        }
    }

    @Test
    void anEngineThatDoesNotOpenInTimeIsKilledAsHung() {
        Timeouts open =
                new Timeouts(
                        Duration.ofSeconds(30),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(5));
        WorkerSpec spec = Workers.patient(Workers.spec(work, Map.of("open-ms", "60000")), open);
        try (WorkerProcess worker = WorkerLauncher.start(spec)) {
            WorkerException failure = catchThrowableOfType(WorkerException.class, worker::open);
            assertThat(failure.kind()).isEqualTo(Kind.HANG);
            assertThat(failure).hasMessageContaining("did not answer 'Open' within 500 ms");
        }
    }

    @Test
    void aFullHeapIsOutOfMemory() {
        WorkerException failure = failureOf("heap");
        assertThat(failure.kind()).isEqualTo(Kind.OUT_OF_MEMORY);
        assertThat(failure).hasMessageContaining("Java heap").hasMessageContaining("-Xmx");
    }

    @Test
    void nativeMemoryUsedUpIsOutOfMemory() {
        WorkerException failure = failureOf("thrown-native");
        assertThat(failure.kind()).isEqualTo(Kind.OUT_OF_MEMORY);
        assertThat(failure).hasMessageContaining("native memory");
    }

    @Test
    void anUnexpectedExceptionIsInternalAndItsTextCannotDriveATerminal() {
        WorkerException failure = failureOf("bell");
        assertThat(failure.kind()).isEqualTo(Kind.ENGINE);
        assertThat(failure.engineKind()).isEqualTo(EngineException.Kind.INTERNAL);
        assertThat(String.valueOf(failure.getMessage())).doesNotContain("\u0007");
        assertThat(String.join("", failure.lastLogLines()))
                .doesNotContain("\u0007", "\u001b")
                .contains("twice");
    }

    @Test
    void aWorkerThatDoesNotReportInTimeDidNotStart() {
        Timeouts start =
                new Timeouts(
                        Duration.ofMillis(1500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
        WorkerSpec spec = Workers.patient(Workers.spec(work, Map.of()), start);
        WorkerException failure =
                catchThrowableOfType(
                        WorkerException.class,
                        () -> WorkerLauncher.start(spec, FakeMains.Silent.class));
        assertThat(failure.kind()).isEqualTo(Kind.START);
        assertThat(failure).hasMessageContaining("in the time allowed");
    }

    @Test
    void aJvmThatRefusesItsArgumentsDidNotStart() {
        WorkerSpec spec =
                new WorkerSpec(
                        "timed",
                        Workers.classPath(),
                        Map.of(),
                        java.util.List.of("-XX:NoSuchFlag"),
                        Map.of(),
                        work,
                        Workers.TIMEOUTS);
        WorkerException failure =
                catchThrowableOfType(WorkerException.class, () -> WorkerLauncher.start(spec));
        assertThat(failure.kind()).isEqualTo(Kind.START);
        assertThat(String.join("\n", failure.lastLogLines())).contains("NoSuchFlag");
    }

    @Test
    void garbageInPlaceOfTheFirstFrameIsAProtocolFailure() {
        assertThat(startFailure(FakeMains.Garbage.class).kind()).isEqualTo(Kind.PROTOCOL);
        assertThat(startFailure(FakeMains.Stranger.class).kind()).isEqualTo(Kind.PROTOCOL);
    }

    @Test
    void aWrongAnswerAndATruncatedFrameAreProtocolFailures() {
        for (Class<?> main : java.util.List.of(FakeMains.WrongAnswer.class, FakeMains.Torn.class)) {
            try (WorkerProcess worker = WorkerLauncher.start(Workers.spec(work, Map.of()), main)) {
                WorkerException failure = catchThrowableOfType(WorkerException.class, worker::open);
                assertThat(failure.kind()).as(main.getSimpleName()).isEqualTo(Kind.PROTOCOL);
            }
        }
    }

    private WorkerException startFailure(Class<?> main) {
        return catchThrowableOfType(
                WorkerException.class,
                () -> WorkerLauncher.start(Workers.spec(work, Map.of()), main));
    }

    private WorkerException failureOf(String misdeed) {
        try (WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of("misdeed", misdeed)))) {
            return catchThrowableOfType(
                    WorkerException.class, () -> worker.generate(Workers.request(10), null));
        }
    }
}
