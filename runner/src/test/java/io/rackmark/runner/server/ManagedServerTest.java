package io.rackmark.runner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rackmark.runner.plan.ServerPlan;
import io.rackmark.runner.server.ServerException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ManagedServerTest {
    @TempDir Path work;

    @Test
    void aServerIsWaitedForStageByStageAndToldAbout() throws Exception {
        List<String> told = new ArrayList<>();
        int port;
        try (RunningServer server =
                ManagedServer.start(
                        spec(FakePlans.fake("ready-after=1500")), p -> told.add(p.line()))) {
            ServerStages stages = server.stages();
            assertThat(stages.portOpenAfterNanos()).isPositive();
            assertThat(stages.loadNanos()).isGreaterThan(stages.portOpenAfterNanos());
            assertThat(stages.loadNanos()).isGreaterThan(1_500_000_000L);
            assertThat(stages.coldStartNanos()).isNull();
            server.firstToken(stages.readyNanos() + 5);
            assertThat(server.stages().coldStartNanos()).isEqualTo(stages.loadNanos() + 5);
            assertThat(told).isNotEmpty().allMatch(line -> line.contains(" s of at most 60 s"));
            assertThat(server.model()).isEqualTo("listed");
            assertThat(server.baseUrl().toString()).matches("http://127\\.0\\.0\\.1:\\d+/v1");
            assertThat(server.facts().toString()).contains("FakeServer", "ready-after=1500");
            assertThat(server.loss()).isEmpty();
            assertThat(server.crossCheck("hello", 3)).isEmpty();
            ServerMemory memory = server.memory();
            assertThat(memory.processes()).isEqualTo(1);
            assertThat(memory.rssBytes()).isGreaterThan(10L << 20);
            assertThat(memory.pssBytes()).isPositive().isLessThanOrEqualTo(memory.rssBytes());
            assertThat(memory.peakRssBytes()).isGreaterThan(10L << 20);
            port = server.baseUrl().getPort();
        }
        assertThatThrownBy(() -> new Socket(InetAddress.ofLiteral("127.0.0.1"), port))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aStubbornServerIsKilledWithEverythingItStarted() throws Exception {
        Set<Long> family;
        long from;
        try (RunningServer server =
                ManagedServer.start(spec(FakePlans.fake("children", "stubborn")), p -> {})) {
            family = awaitFamily(server, 5);
            assertThat(server.memory().processes()).isEqualTo(family.size());
            from = System.nanoTime();
        }
        assertThat(System.nanoTime() - from).isGreaterThan(900_000_000L);
        assertGone(family);
    }

    @Test
    void aServerThatEndsTooEarlyIsToldWithStatusAndLastWordsButWithoutSecrets() throws Exception {
        ServerPlan plan =
                FakePlans.plan(
                        List.of(
                                "sh",
                                "-c",
                                "echo key is $THE_KEY; echo no memory >&2; exit 3; {port}"),
                        Map.of("THE_KEY", "${PLANTED}"),
                        "/health",
                        60,
                        1);
        ServerException e =
                catchThrowableOfType(
                        ServerException.class,
                        () ->
                                ManagedServer.start(
                                        ServerSpec.of(
                                                plan,
                                                work,
                                                Map.of(
                                                        "PATH",
                                                        System.getenv("PATH"),
                                                        "PLANTED",
                                                        "s3cr3t-éß")),
                                        p -> {}));
        assertThat(e.kind()).isEqualTo(Kind.EXITED);
        assertThat(e)
                .hasMessageStartingWith(
                        "sh ended with exit status 3 before it was ready; its last words: no"
                                + " memory; its log is ");
        assertThat(e.lastLogLines()).containsExactly("key is ***", "no memory");
        try (var files = Files.walk(work)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain("s3cr3t");
            }
        }
    }

    @Test
    void aServerThatDoesNotBecomeReadyIsStopped() {
        ServerException e =
                catchThrowableOfType(
                        ServerException.class,
                        () ->
                                ManagedServer.start(
                                        spec(
                                                FakePlans.plan(
                                                        List.of("sh", "-c", "sleep 300; {port}"),
                                                        Map.of(),
                                                        "/health",
                                                        1,
                                                        1)),
                                        p -> {}));
        assertThat(e.kind()).isEqualTo(Kind.NOT_READY);
        assertThat(e)
                .hasMessageStartingWith(
                        "sh was not ready within 1 s (it has opened no port yet) and was stopped;"
                                + " raise ready.seconds");
    }

    @Test
    void aPortThatSomethingElseUsesIsNotTakenForTheServers() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            ServerPlan plan =
                    new ServerPlan(
                            "",
                            List.of("sh", "-c", "true"),
                            "",
                            Map.of(),
                            List.of(),
                            Map.of(),
                            "",
                            0,
                            other.getLocalPort(),
                            1);
            assertThatThrownBy(() -> ManagedServer.start(spec(plan), p -> {}))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("port " + other.getLocalPort() + " is in use");
        }
    }

    @Test
    void ollamaPullsLoadsAndTellsItsOwnTimes() throws Exception {
        try (RunningServer server =
                ManagedServer.start(
                        spec(FakePlans.ollama("qwen3:4b", Map.of("pull", "on"))), p -> {})) {
            assertThat(server.model()).isEqualTo("qwen3:4b");
            assertThat(server.facts().toString()).contains("Ollama", "0.9.9");
            assertThat(server.stages().pullNanos()).isPositive();
            assertThat(server.stages().loadedNanos()).isGreaterThan(server.stages().readyNanos());
            CrossCheck check = server.crossCheck("say \"hi\" {model}", 3).orElseThrow();
            assertThat(check.server()).isEqualTo(new NativeTimings(5, 2000, 3, 4000, 7_000_000L));
            assertThat(check.otherNanos()).isEqualTo(check.wallNanos() - 6000);
            assertThat(Files.readString(server.logFile()))
                    .containsSubsequence(
                            "/api/pull {\"model\":\"qwen3:4b\",\"stream\":false}",
                            "/api/generate {\"model\":\"qwen3:4b\",\"stream\":false}",
                            "\"prompt\":\"say \\\"hi\\\" {model}\"",
                            "\"options\":{\"num_predict\":3,\"temperature\":0}");
            long pid = server.pids().iterator().next();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            ProcessHandle.of(pid)
                    .ifPresent(gone -> gone.onExit().orTimeout(20, TimeUnit.SECONDS).join());
            for (int i = 0; i < 500 && server.loss().isEmpty(); i++) {
                Thread.sleep(10);
            }
            assertThat(server.loss().orElseThrow())
                    .hasMessageStartingWith("Ollama was ended by signal 9; when nobody killed it");
        }
    }

    @Test
    void ollamaWithoutTheModelSaysSo() {
        assertThatThrownBy(
                        () ->
                                ManagedServer.start(
                                        spec(FakePlans.ollama("no-such-model", Map.of())), p -> {}))
                .isInstanceOf(ServerException.class)
                .hasMessage("Ollama could not load no-such-model: model not found");
    }

    private ServerSpec spec(ServerPlan plan) {
        return ServerSpec.of(plan, work);
    }

    /** The children are started while the server already answers. */
    private static Set<Long> awaitFamily(RunningServer server, int size) throws Exception {
        for (int i = 0; i < 500 && server.pids().size() < size; i++) {
            Thread.sleep(10);
        }
        assertThat(server.pids()).hasSize(size);
        return server.pids();
    }

    static void assertGone(Set<Long> pids) {
        for (long pid : pids) {
            ProcessHandle.of(pid)
                    .ifPresent(left -> left.onExit().orTimeout(20, TimeUnit.SECONDS).join());
            assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
        }
    }
}
