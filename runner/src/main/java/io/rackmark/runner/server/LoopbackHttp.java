package io.rackmark.runner.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Plain requests to the server's port: readiness, version, loading. Never on a measured path. */
final class LoopbackHttp implements AutoCloseable {
    /** Far above any honest answer to these requests. */
    private static final int MOST_BYTES = 4 << 20;

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .connectTimeout(CONNECT)
                    .build();
    private final URI root;

    LoopbackHttp(int port) {
        this.root = URI.create("http://%s:%d".formatted(LaunchBuilder.HOST, port));
    }

    /** An answer with its body as far as it was read. */
    record Answer(int status, String body) {
        boolean good() {
            return status >= 200 && status < 300;
        }

        /** The body as JSON; a missing node when it is none. */
        JsonNode json() {
            try {
                return JsonMapper.shared().readTree(body);
            } catch (JacksonException e) {
                return JsonMapper.shared().missingNode();
            }
        }
    }

    CompletableFuture<Answer> get(String path) {
        return send(HttpRequest.newBuilder(root.resolve(path)).GET());
    }

    CompletableFuture<Answer> post(String path, Object body) {
        return send(
                HttpRequest.newBuilder(root.resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        JsonMapper.shared().writeValueAsString(body))));
    }

    private CompletableFuture<Answer> send(HttpRequest.Builder request) {
        return client.sendAsync(
                        request.build(),
                        BodyHandlers.limiting(
                                BodyHandlers.ofString(StandardCharsets.UTF_8), MOST_BYTES))
                .thenApply((HttpResponse<String> r) -> new Answer(r.statusCode(), r.body()));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
