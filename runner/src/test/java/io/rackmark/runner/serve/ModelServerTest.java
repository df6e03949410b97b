package io.rackmark.runner.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.engine.worker.Timeouts;
import io.rackmark.engine.worker.WorkerLauncher;
import io.rackmark.engine.worker.WorkerProcess;
import io.rackmark.engine.worker.WorkerSpec;
import io.rackmark.runner.energy.MeterSetup;
import io.rackmark.runner.energy.RunningEnergy;
import io.rackmark.runner.energy.SysfsTree;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server over a worker whose engine follows a script. */
@Timeout(120)
class ModelServerTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String SLOW = "10";

    @TempDir private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void anAnswerIsTheSameWholeAndInPieces() throws Exception {
        try (ModelServer server = serve(2, 2, null, Map.of("answer", "one two three"))) {
            HttpResponse<String> whole = post(server, "\"max_tokens\":9");
            HttpResponse<String> pieces =
                    post(server, "\"stream\":true,\"stream_options\":{\"include_usage\":true}");

            assertThat(whole.statusCode()).isEqualTo(200);
            assertThat(whole.body())
                    .contains("\"content\":\"one two three\"", "\"finish_reason\":\"stop\"");
            assertThat(pieces.headers().firstValue("content-type").orElse(""))
                    .startsWith("text/event-stream");
            assertThat(pieces.body())
                    .contains("\"role\":\"assistant\"", "\"choices\":[],\"usage\":{")
                    .endsWith("data: [DONE]\n\n");
            assertThat(get(server, "/metrics", "").body())
                    .contains(
                            "rackmark_serve_requests_total{path=\"/v1/chat/completions\",status=\"200\"}"
                                + " 2.0",
                            "rackmark_serve_ttft_seconds_count 2",
                            "rackmark_serve_slots 2.0");
        }
    }

    @Test
    void energyIsAmongTheMetricsWhereThereIsAMeter() throws Exception {
        SysfsTree tree = new SysfsTree(folder, "amd-package.tree");
        MeterSetup setup = new MeterSetup(tree.sysfs(), tree.sysfs(), List.of("rapl"), 0);
        ServeSettings settings = settings(1, null, Duration.ofSeconds(5));
        try (ModelServer server =
                ModelServer.start(settings, RunningEnergy.of(setup), () -> worker(1, Map.of()))) {
            tree.set("class/powercap/intel-rapl:0/energy_uj", "7656821098");
            String due =
                    "rackmark_serve_energy_joules_total{device=\"cpu0\",kind=\"gross\","
                            + "scope=\"CPU package 0\",source=\"rapl-package\"} 2.5";
            await(() -> body(server, "/metrics").contains(due));
        }
        try (ModelServer server = serve(1, 1, null, Map.of())) {
            assertThat(body(server, "/metrics")).doesNotContain("joules");
        }
    }

    @Test
    void aFullQueueIsRefusedAndAClientThatLeavesFreesItsPlace() throws Exception {
        Map<String, String> slow = Map.of("tokens", "4000", "token-ms", SLOW);
        try (ModelServer server = serve(1, 1, null, slow)) {
            Socket running = send(server, "");
            await(() -> server.busy() == 1);
            Socket waiting = send(server, "\"stream\":true");
            await(() -> server.waiting() == 1);

            HttpResponse<String> third = post(server, "\"max_tokens\":1");

            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.headers().firstValueAsLong("retry-after").orElse(0)).isPositive();
            assertThat(third.body()).contains("\"type\":\"rate_limit_error\"");
            waiting.close();
            await(() -> server.waiting() == 0);
            running.close();
            await(() -> server.busy() == 0);
            assertThat(post(server, "\"max_tokens\":1").statusCode()).isEqualTo(200);
            assertThat(get(server, "/metrics", "").body())
                    .contains("rackmark_serve_cancelled_total 2.0");
        }
    }

    @Test
    void aClientThatLeavesAStreamFreesItsSlot() throws Exception {
        Map<String, String> slow = Map.of("tokens", "4000", "token-ms", SLOW);
        try (ModelServer server = serve(1, 0, null, slow)) {
            Socket stream = send(server, "\"stream\":true");
            assertThat(stream.getInputStream().readNBytes(400)).hasSize(400);
            stream.close();
            await(() -> server.busy() == 0);
        }
    }

    @Test
    void aWorkerThatDiesIsA503AndAnotherOneTakesItsPlace() throws Exception {
        Iterator<Map<String, String>> workers =
                List.of(Map.of("halt-at-token", "3"), Map.<String, String>of()).iterator();
        ServeSettings settings = settings(2, null, Duration.ofSeconds(5));
        try (ModelServer server = ModelServer.start(settings, () -> worker(2, workers.next()))) {
            HttpResponse<String> lost = post(server, "\"max_tokens\":9");

            assertThat(lost.statusCode()).isEqualTo(503);
            assertThat(lost.headers().firstValue("retry-after")).isPresent();
            assertThat(lost.body()).contains("\"type\":\"server_error\"");
            await(() -> status(server, "/health") == 200);
            assertThat(post(server, "\"max_tokens\":9").statusCode()).isEqualTo(200);
            assertThat(get(server, "/metrics", "").body())
                    .contains("rackmark_serve_worker_restarts_total 1.0");
        }
    }

    @Test
    void aStreamThatBreaksOffEndsInAnErrorAndNotAsDone() throws Exception {
        Map<String, String> script = Map.of("halt-at-token", "3", "token-ms", SLOW);
        try (ModelServer server = serve(1, 1, null, script)) {
            String received;
            try (Socket stream = send(server, "\"stream\":true")) {
                received =
                        new String(stream.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
            assertThat(received).contains("t1 ", "{\"error\":{").doesNotContain("[DONE]");
        }
    }

    @Test
    void theEndWaitsForWhatRunsAndTakesNothingNew() throws Exception {
        Map<String, String> script = Map.of("tokens", "60", "token-ms", SLOW);
        ModelServer server = serve(1, 1, null, script);
        CompletableFuture<HttpResponse<String>> running = postLater(server);
        await(() -> server.busy() == 1);

        server.close();

        assertThat(running.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> new Socket(LOOPBACK, server.port()).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void theEndCancelsWhatTakesTooLong() throws Exception {
        Map<String, String> script = Map.of("tokens", "4000", "token-ms", SLOW);
        ModelServer server =
                ModelServer.start(
                        settings(1, null, Duration.ofMillis(100)), () -> worker(1, script));
        CompletableFuture<HttpResponse<String>> running = postLater(server);
        await(() -> server.busy() == 1);

        server.close();

        assertThat(running.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
    }

    @Test
    void withAKeyOnlyHealthIsOpen() throws Exception {
        try (ModelServer server = serve(1, 1, "secret", Map.of())) {
            assertThat(status(server, "/health")).isEqualTo(200);
            assertThat(get(server, "/v1/models", "").statusCode()).isEqualTo(401);
            assertThat(get(server, "/metrics", "Bearer wrong").body())
                    .contains("invalid_api_key")
                    .doesNotContain("secret");
            assertThat(get(server, "/v1/models", "Bearer secret").statusCode()).isEqualTo(200);
        }
        assertThat(settings(1, "secret", Duration.ZERO).toString()).doesNotContain("secret");
    }

    @Test
    void whatIsTooLongOrMeantForAnotherIsRefused() throws Exception {
        try (ModelServer server = serve(1, 1, null, Map.of())) {
            HttpResponse<String> longBody = post(server, "\"user\":\"" + "x".repeat(99_000) + "\"");
            assertThat(longBody.statusCode()).isEqualTo(413);
            assertThat(longBody.body()).contains("\"error\"");
            HttpRequest longHeader =
                    HttpRequest.newBuilder(uri(server, "/v1/models"))
                            .header("X-Long", "x".repeat(20_000))
                            .build();
            assertThat(client.send(longHeader, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(431);
            HttpRequest foreign =
                    HttpRequest.newBuilder(uri(server, "/v1/models"))
                            .header("Origin", "http://example.com")
                            .build();
            assertThat(client.send(foreign, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
            assertThat(status(server, "/v1/nothing")).isEqualTo(404);
            assertThat(status(server, "/v1/completions")).isEqualTo(405);
            HttpResponse<String> format =
                    post(server, "\"stream\":true,\"response_format\":{\"type\":\"json_object\"}");
            assertThat(format.statusCode()).isEqualTo(400);
            assertThat(format.body()).contains("keeps to no format");
            HttpResponse<String> logprobs = post(server, "\"stream\":true,\"logprobs\":true");
            assertThat(logprobs.statusCode()).isEqualTo(400);
            assertThat(logprobs.body()).contains("has no logits");
        }
    }

    @Test
    void aRequestThatTricklesInEndsAtItsDeadlineAndALongAnswerDoesNot() throws Exception {
        ServeSettings settings = settings(1, null, Duration.ofMillis(300), Duration.ofSeconds(20));
        Map<String, String> script = Map.of("tokens", "60", "token-ms", SLOW);
        try (ModelServer server = ModelServer.start(settings, () -> worker(2, script))) {
            HttpResponse<String> first = post(server, "\"max_tokens\":60");
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(post(server, "\"max_tokens\":60").statusCode()).isEqualTo(200);
            for (String start :
                    List.of("P", "POST /v1/chat/completions HTTP/1.1\r\n", head(9999) + "{")) {
                String answer = trickle(server, start);
                assertThat(answer)
                        .startsWith("HTTP/1.1 408 ")
                        .contains("connection: close", "not complete after 300 ms");
                assertThat(answer.indexOf("HTTP/1.1")).isEqualTo(answer.lastIndexOf("HTTP/1.1"));
            }
            assertThat(server.busy()).isZero();
        }
    }

    /** Sends a byte every 20 ms after the start, until the server ends the connection. */
    private static String trickle(ModelServer server, String start) throws Exception {
        try (Socket socket = new Socket(LOOPBACK, server.port())) {
            socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
            CompletableFuture<String> answer = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    byte[] all = socket.getInputStream().readAllBytes();
                                    answer.complete(new String(all, StandardCharsets.UTF_8));
                                } catch (IOException e) {
                                    answer.completeExceptionally(e);
                                }
                            });
            while (!answer.isDone()) {
                try {
                    socket.getOutputStream().write('x');
                } catch (IOException e) {
                    break;
                }
                Thread.sleep(20);
            }
            return answer.get(20, TimeUnit.SECONDS);
        }
    }

    private ModelServer serve(
            int slots, int queue, @Nullable String key, Map<String, String> script) {
        return ModelServer.start(
                settings(queue, key, Duration.ofSeconds(20)), () -> worker(slots, script));
    }

    private static ServeSettings settings(int queue, @Nullable String key, Duration drain) {
        return settings(queue, key, ServeSettings.ARRIVAL, drain);
    }

    private static ServeSettings settings(
            int queue, @Nullable String key, Duration arrival, Duration drain) {
        return new ServeSettings(
                "127.0.0.1", 0, "m", "scripted", queue, 65_536, arrival, drain, key);
    }

    private LoadedWorker worker(int slots, Map<String, String> script) {
        WorkerSpec spec =
                new WorkerSpec(
                        "scripted",
                        classPath(),
                        script,
                        List.of("-Xmx96m", "-XX:TieredStopAtLevel=1"),
                        Map.of(),
                        folder.resolve("work"),
                        Timeouts.DEFAULT);
        WorkerProcess worker = WorkerLauncher.start(spec);
        worker.open();
        try {
            Path weights = Files.writeString(folder.resolve("weights"), "w");
            ModelFiles files =
                    new ModelFiles("m", folder, weights, ModelFormat.GGUF, Precision.F32);
            return new LoadedWorker(
                    worker, worker.load(files, new LoadOptions(8192, slots, 1, "cpu")).facts());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Without the other engines of these tests. */
    private static List<Path> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(
                        entry ->
                                !entry.matches(
                                        ".*engines?[/\\\\-](llamacpp|onnxruntime|pytorch).*"))
                .map(Path::of)
                .toList();
    }

    private static String body(String fields) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"go\"}]%s}"
                .formatted(fields.isEmpty() ? "" : "," + fields);
    }

    private HttpRequest request(ModelServer server, String fields) {
        return HttpRequest.newBuilder(uri(server, "/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body(fields)))
                .build();
    }

    private HttpResponse<String> post(ModelServer server, String fields)
            throws IOException, InterruptedException {
        return client.send(request(server, fields), BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> postLater(ModelServer server) {
        return client.sendAsync(request(server, ""), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(ModelServer server, String path, String authorization)
            throws IOException, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri(server, path));
        if (!authorization.isEmpty()) {
            builder.header("Authorization", authorization);
        }
        return client.send(builder.build(), BodyHandlers.ofString());
    }

    private int status(ModelServer server, String path) {
        try {
            return get(server, path, "").statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String body(ModelServer server, String path) {
        try {
            return get(server, path, "").body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static URI uri(ModelServer server, String path) {
        return URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path));
    }

    /** A connection whose end is in the test's hands. */
    private static Socket send(ModelServer server, String fields) throws IOException {
        Socket socket = new Socket(LOOPBACK, server.port());
        byte[] body = body(fields).getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(head(body.length).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        return socket;
    }

    private static String head(int bodyBytes) {
        return """
        POST /v1/chat/completions HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        Content-Length: %d\r
        \r
        """
                .formatted(bodyBytes);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }
}
