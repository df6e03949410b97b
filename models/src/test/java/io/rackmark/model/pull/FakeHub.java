package io.rackmark.model.pull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/**
 * A hub on a local port, with the two paths that a pull uses. Single answers can be scripted to
 * misbehave; everything it was asked is remembered.
 */
final class FakeHub implements AutoCloseable {
    /** Commit of everything on this hub until it is set to another one. */
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, Queue<Answer>> scripts = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Object> extra = new HashMap<>();
    private String commit = COMMIT;
    private boolean hashes = true;

    /** One answer to one request for a file or the list. */
    @FunctionalInterface
    interface Answer {
        void give(HttpExchange exchange, byte[] content) throws IOException;
    }

    /** A request, with the headers that matter. Absent ones are empty. */
    record Asked(String path, String range, String authorization, String host) {}

    FakeHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String address() {
        return "http://127.0.0.1:" + port();
    }

    FakeHub with(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    FakeHub with(String name, String content) {
        return with(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** A further field of the list. */
    FakeHub saying(String field, Object value) {
        extra.put(field, value);
        return this;
    }

    /** Without sizes and hashes, as a simple mirror. */
    FakeHub withoutHashes() {
        hashes = false;
        return this;
    }

    void at(String newCommit) {
        commit = newCommit;
    }

    /** The next answer for this file ({@code ""} for the list); later ones follow in order. */
    FakeHub next(String name, Answer answer) {
        scripts.computeIfAbsent(name, key -> new ArrayDeque<>()).add(answer);
        return this;
    }

    List<Asked> asked() {
        return asked;
    }

    /** Requests for this file. */
    List<Asked> asked(String name) {
        return asked.stream().filter(request -> request.path().endsWith("/" + name)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** The answer of a good server: ranges and a strong ETag. */
    static void good(HttpExchange exchange, byte[] content) throws IOException {
        exchange.getResponseHeaders().set("ETag", "\"" + sha256(content) + "\"");
        String range = header(exchange, "Range");
        if (range.isEmpty()) {
            send(exchange, 200, content, content.length);
            return;
        }
        int from = Integer.parseInt(range.replaceAll("bytes=|-", ""));
        exchange.getResponseHeaders()
                .set(
                        "Content-Range",
                        "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        send(
                exchange,
                206,
                Arrays.copyOfRange(content, from, content.length),
                content.length - from);
    }

    /** Breaks the connection after this many bytes of the body. */
    static Answer cutAfter(int bytes) {
        return (exchange, content) -> {
            exchange.getResponseHeaders().set("ETag", "\"" + sha256(content) + "\"");
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, bytes);
            exchange.getResponseBody().flush();
            exchange.close();
        };
    }

    /** This status and header, and no body. */
    static Answer status(int code, String header, String value) {
        return (exchange, content) -> {
            exchange.getResponseHeaders().set(header, value);
            send(exchange, code, new byte[0], 0);
        };
    }

    static void send(HttpExchange exchange, int code, byte[] body, long announced)
            throws IOException {
        exchange.sendResponseHeaders(code, announced == 0 ? -1 : announced);
        if (announced > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    static String sha256(byte[] content) {
        return hash("SHA-256", content);
    }

    /** As {@code git hash-object} computes it. */
    static String blobId(byte[] content) {
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return hash("SHA-1", all);
    }

    private static String hash(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            String path = exchange.getRequestURI().getPath();
            asked.add(
                    new Asked(
                            path,
                            header(exchange, "Range"),
                            header(exchange, "Authorization"),
                            header(exchange, "Host")));
            String name =
                    path.startsWith("/api/")
                            ? ""
                            : path.replaceFirst("/[^/]+/[^/]+/resolve/[^/]+/", "");
            byte[] content =
                    name.isEmpty()
                            ? list().getBytes(StandardCharsets.UTF_8)
                            : files.getOrDefault(name, new byte[0]);
            Queue<Answer> script = scripts.getOrDefault(name, new ArrayDeque<>());
            Answer answer;
            synchronized (script) {
                answer = script.isEmpty() ? FakeHub::good : script.remove();
            }
            answer.give(exchange, content);
        } catch (IOException e) {
            exchange.close();
        }
    }

    private String list() {
        Map<String, Object> root = new HashMap<>(extra);
        root.put("sha", commit);
        root.put(
                "siblings",
                files.entrySet().stream().map(e -> sibling(e.getKey(), e.getValue())).toList());
        return new JsonMapper().writeValueAsString(root);
    }

    /** Weights are kept by Git LFS, the rest by git. */
    private Map<String, Object> sibling(String name, byte[] content) {
        Map<String, Object> sibling = new HashMap<>();
        sibling.put("rfilename", name);
        if (hashes) {
            sibling.put("size", content.length);
            sibling.put("blobId", blobId(content));
            if (name.endsWith(".safetensors") || name.endsWith(".gguf")) {
                sibling.put("lfs", Map.of("size", content.length, "sha256", sha256(content)));
            }
        }
        return sibling;
    }
}
