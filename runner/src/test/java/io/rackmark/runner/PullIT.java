package io.rackmark.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.rackmark.runner.InstalledCli.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Pulling with the installed product: killed in the middle, and with a token to keep. */
class PullIT {
    private static final Path EMBEDDED =
            Path.of(System.getProperty("rackmark.source"), "models/embedded/rackmark-sql-7m");
    private static final String SECRET = "hf_PlantedSecretThatMustNotLeak";
    private static final String WEIGHTS = "model.safetensors";
    private static final int HALF = 5_000_000;

    @TempDir private Path folder;

    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final CountDownLatch halfSent = new CountDownLatch(1);
    private HttpServer hub;

    @BeforeEach
    void startHub() throws IOException {
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        hub.createContext("/", this::answer);
        hub.start();
    }

    @AfterEach
    void stopHub() {
        hub.stop(0);
    }

    @Test
    void aKilledPullGoesOnAndTheTokenIsNowhere() throws Exception {
        InstalledCli cli =
                new InstalledCli(folder)
                        .with("HF_TOKEN", SECRET)
                        .with("HF_ENDPOINT", "http://127.0.0.1:" + hub.getAddress().getPort());
        Process first = cli.start("models", "pull", "acme/tiny");
        halfSent.await();
        Path part = cli.cache().resolve("models/.partial/acme--tiny--main/parts").resolve(WEIGHTS);
        while (Files.notExists(part) || Files.size(part) < 1_000_000) {
            Thread.sleep(20);
        }
        first.destroyForcibly().waitFor();
        String told = Files.readString(folder.resolve("out")) + cli.err();
        assertThat(cli.run("models", "verify", "--files-only", "acme/tiny").err())
                .contains("rackmark models pull acme/tiny");

        Outcome second = cli.run("models", "pull", "acme/tiny", "--json");

        assertThat(second.exit()).as(second.err()).isZero();
        assertThat(ranges.getLast()).matches("bytes=[0-9]{7,}-");
        assertThat(
                        cli.run(
                                        "models",
                                        "verify",
                                        "--engine",
                                        "llamacpp",
                                        "--precision",
                                        "f16",
                                        "acme/tiny")
                                .out())
                .contains("sound");
        assertThat(authorizations).containsOnly("Bearer " + SECRET);
        assertThat(told + second).doesNotContain(SECRET);
        try (Stream<Path> files = Files.walk(cli.cache())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(SECRET);
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
        if (path.startsWith("/api/")) {
            send(exchange, 200, list());
            return;
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        byte[] content = Files.readAllBytes(EMBEDDED.resolve(name));
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (!name.equals(WEIGHTS)) {
            send(exchange, 200, content);
        } else if (range == null) {
            ranges.add("");
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, HALF);
            exchange.getResponseBody().flush();
            // The rest never comes: the client is killed meanwhile.
            halfSent.countDown();
        } else {
            ranges.add(range);
            int from = Integer.parseInt(range.replaceAll("bytes=|-", ""));
            exchange.getResponseHeaders()
                    .set(
                            "Content-Range",
                            "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
            send(exchange, 206, Arrays.copyOfRange(content, from, content.length));
        }
    }

    private static byte[] list() throws IOException {
        try (Stream<Path> files = Files.list(EMBEDDED)) {
            List<Map<String, Object>> siblings =
                    files.filter(Files::isRegularFile)
                            .map(
                                    file ->
                                            Map.<String, Object>of(
                                                    "rfilename",
                                                    file.getFileName().toString(),
                                                    "size",
                                                    file.toFile().length()))
                            .toList();
            return new JsonMapper()
                    .writeValueAsBytes(Map.of("sha", "0".repeat(40), "siblings", siblings));
        }
    }

    private static void send(HttpExchange exchange, int code, byte[] body) throws IOException {
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
