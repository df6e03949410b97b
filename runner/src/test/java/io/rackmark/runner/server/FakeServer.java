package io.rackmark.runner.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A small server in a process of its own. Arguments: {@code port=N}, or {@code serve} with the
 * address in {@code OLLAMA_HOST}; {@code ready-after=MILLIS}; {@code children} starts one process
 * in its session and one that leaves it; {@code stubborn} does not heed SIGTERM; {@code print=NAME}
 * prints a variable.
 */
public final class FakeServer {
    private FakeServer() {}

    public static void main(String[] args) throws IOException {
        List<String> given = Arrays.asList(args);
        int port =
                given.contains("serve")
                        ? Integer.parseInt(System.getenv("OLLAMA_HOST").replaceAll(".*:", ""))
                        : Integer.parseInt(value(given, "port", "0"));
        long ready =
                System.nanoTime() + 1_000_000 * Long.parseLong(value(given, "ready-after", "0"));
        String print = value(given, "print", "");
        if (!print.isEmpty()) {
            System.out.println("variable " + System.getenv(print));
        }
        if (given.contains("stubborn")) {
            Runtime.getRuntime().addShutdownHook(new Thread(FakeServer::sleep));
        }
        if (given.contains("children")) {
            new ProcessBuilder("sleep", "300").start();
            new ProcessBuilder("setsid", "sh", "-c", "sleep 300 & sleep 300").start();
        }
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 8);
        server.createContext(
                "/health",
                exchange -> answer(exchange, System.nanoTime() < ready ? 503 : 200, "{}"));
        Map.of(
                        "/v1/models", "{\"data\":[{\"id\":\"listed\"}]}",
                        "/api/version", "{\"version\":\"0.9.9\"}",
                        "/api/pull", "{\"status\":\"success\"}",
                        "/api/generate",
                                """
                                {"done":true,"load_duration":7000000,"prompt_eval_count":5,
                                 "prompt_eval_duration":2000,"eval_count":3,"eval_duration":4000}\
                                """)
                .forEach(
                        (path, body) ->
                                server.createContext(
                                        path, exchange -> answer(exchange, 200, body)));
        server.createContext("/v1/chat/completions", FakeServer::stream);
        server.start();
        System.out.println("listening");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            String sent =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            System.out.println(exchange.getRequestURI() + " " + sent);
            boolean unknown = sent.contains("no-such-model");
            byte[] bytes =
                    (unknown ? "{\"error\":\"model not found\"}" : body)
                            .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(unknown ? 404 : status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static void stream(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            String events =
                    """
                    data: {"model":"listed","choices":[{"index":0,"delta":{"content":"Hello"}}]}

                    data: {"model":"listed","choices":[{"index":0,"delta":{"content":" world"},"finish_reason":"length"}]}

                    data: {"model":"listed","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}}

                    data: [DONE]

                    """;
            byte[] bytes = events.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String value(List<String> given, String name, String unset) {
        return given.stream()
                .filter(word -> word.startsWith(name + "="))
                .map(word -> word.substring(name.length() + 1))
                .reduce((first, last) -> last)
                .orElse(unset);
    }

    private static void sleep() {
        try {
            Thread.sleep(300_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
