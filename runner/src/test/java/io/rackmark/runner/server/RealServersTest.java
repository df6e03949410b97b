package io.rackmark.runner.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.plan.ServerPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The same with the real ones: {@code -Drackmark.llama-server=PROGRAM} or {@code
 * -Drackmark.tinygrad=PYTHON}, and {@code -Drackmark.gguf=FILE}.
 */
class RealServersTest {
    @TempDir Path work;

    @Test
    @EnabledIfSystemProperty(
            named = "rackmark.llama-server",
            matches = ".+",
            disabledReason = "needs -Drackmark.llama-server and -Drackmark.gguf")
    void llamaServerStartsAnswersTimesItselfAndStops() throws Exception {
        ServerPlan plan =
                ServerPlan.of(
                                "llama-server",
                                System.getProperty("rackmark.gguf"),
                                Map.of("context", "1024", "threads", "2", "max-sequences", "1"))
                        .withCommand(List.of(System.getProperty("rackmark.llama-server")));
        try (RunningServer server = started(plan)) {
            CrossCheck check = server.crossCheck("SELECT COUNT(*) FROM", 8).orElseThrow();
            System.out.println("cross-check: " + check + ", other " + check.otherNanos() + " ns");
            assertThat(check.server().outputTokens()).isBetween(1, 8);
            assertThat(check.server().promptTokens()).isPositive();
            assertThat(check.otherNanos()).isPositive();
            assertThat(server.facts().toString()).contains("server version");
        }
    }

    @Test
    @EnabledIfSystemProperty(
            named = "rackmark.tinygrad",
            matches = ".+",
            disabledReason = "needs -Drackmark.tinygrad and -Drackmark.gguf")
    void tinyGradStartsOnTheLoopbackInterfaceOnlyAnswersAndStops() throws Exception {
        ServerPlan plan =
                ServerPlan.of(
                                "tinygrad",
                                System.getProperty("rackmark.gguf"),
                                Map.of("context", "1024", "device", "CPU"))
                        .withCommand(List.of(System.getProperty("rackmark.tinygrad")));
        try (RunningServer server = started(plan)) {
            assertThat(listening(server.baseUrl().getPort())).isEqualTo("0100007F");
            assertThat(server.facts().toString()).contains("server version");
            assertThat(server.crossCheck("hello", 1)).isEmpty();
        }
    }

    /** Starts it, asks one thing, and prints what was seen. */
    private RunningServer started(ServerPlan plan) throws Exception {
        RunningServer server =
                ManagedServer.start(
                        ServerSpec.of(plan, work), told -> System.out.println(told.line()));
        String answer = ask(server);
        ServerStages stages = server.stages();
        long coldStart = Objects.requireNonNull(stages.coldStartNanos());
        System.out.printf(
                Locale.ROOT,
                "%s: port open after %.1f ms, loaded after %.1f ms, first token after %.1f"
                        + " ms%n%s%n%s%nanswer: %s%n",
                plan.preset(),
                stages.portOpenAfterNanos() / 1e6,
                stages.loadNanos() / 1e6,
                coldStart / 1e6,
                server.memory(),
                server.facts(),
                answer);
        assertThat(answer).isNotBlank();
        assertThat(stages.loadNanos()).isLessThan(coldStart);
        assertThat(server.memory().rssBytes()).isGreaterThan(10L << 20);
        Set<Long> pids = server.pids();
        assertThat(pids).isNotEmpty();
        return server;
    }

    private static String ask(RunningServer server) throws IOException, InterruptedException {
        Map<String, Object> body =
                Map.of(
                        "model",
                        server.model(),
                        "stream",
                        true,
                        "temperature",
                        0,
                        "max_tokens",
                        8,
                        "messages",
                        List.of(Map.of("role", "user", "content", "How many albums are there?")));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server.baseUrl() + "/chat/completions"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        JsonMapper.shared().writeValueAsString(body)))
                        .build();
        StringBuilder answer = new StringBuilder();
        try (HttpClient client =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                InputStream in = client.send(request, BodyHandlers.ofInputStream()).body();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long now = System.nanoTime();
                if (line.startsWith("data: {")) {
                    JsonNode event = JsonMapper.shared().readTree(line.substring(6));
                    String text = event.at("/choices/0/delta/content").asString("");
                    if (!text.isEmpty() && answer.isEmpty()) {
                        server.firstToken(now);
                    }
                    answer.append(text);
                }
            }
        }
        return answer.toString();
    }

    /** The address in proc(5) net/tcp that listens on a port, as hexadecimal. */
    private static String listening(int port) throws IOException {
        String suffix = ":%04X".formatted(port);
        return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(f -> f[1].endsWith(suffix) && f[3].equals("0A"))
                .map(f -> f[1].substring(0, 8))
                .findFirst()
                .orElseThrow();
    }
}
