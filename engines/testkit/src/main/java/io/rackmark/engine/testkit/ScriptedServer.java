package io.rackmark.engine.testkit;

import io.rackmark.engine.testkit.ScriptedReply.Step;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.net.ServerSocketFactory;

/**
 * An HTTP server on loopback that sends given bytes at given times and tells when it sent them. It
 * knows no protocol above the request's head and length, so it can do what no good server does.
 */
public final class ScriptedServer implements AutoCloseable {
    private static final int MOST_HEAD_BYTES = 64 << 10;

    private final ServerSocket server;
    private final Function<Request, ScriptedReply> replies;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final Queue<Long> sent = new ConcurrentLinkedQueue<>();

    /**
     * One request as it came.
     *
     * @param connection number of the connection, from 1
     * @param line request line, such as {@code POST /v1/chat/completions HTTP/1.1}
     * @param headers by lower-case name
     * @param body as UTF-8
     */
    public record Request(int connection, String line, Map<String, String> headers, String body) {}

    private ScriptedServer(ServerSocket server, Function<Request, ScriptedReply> replies) {
        this.server = server;
        this.replies = replies;
    }

    /** A server on any free port that gives every request the same answer. */
    public static ScriptedServer always(ScriptedReply reply) throws IOException {
        return start(ServerSocketFactory.getDefault(), _ -> reply);
    }

    /** A server on any free port. */
    public static ScriptedServer start(
            ServerSocketFactory factory, Function<Request, ScriptedReply> replies)
            throws IOException {
        ServerSocket socket = factory.createServerSocket(0, 4096, InetAddress.getLoopbackAddress());
        ScriptedServer server = new ScriptedServer(socket, replies);
        Thread.ofVirtual().name("scripted server").start(server::accept);
        return server;
    }

    /** The port it listens on. */
    public int port() {
        return server.getLocalPort();
    }

    /** Address without encryption, with an API's usual path. */
    public String url() {
        return "http://127.0.0.1:" + port() + "/v1";
    }

    /** The requests so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** {@link System#nanoTime()} before each write of a body so far. */
    public List<Long> sentNanos() {
        return List.copyOf(sent);
    }

    private void accept() {
        int connection = 0;
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                int number = ++connection;
                Thread.ofVirtual().start(() -> serve(socket, number));
            } catch (IOException e) {
                // Closed, or a client that went away during a handshake.
            }
        }
    }

    private void serve(Socket socket, int connection) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            boolean more = true;
            while (more) {
                Request request = read(in, connection);
                requests.add(request);
                ScriptedReply reply = replies.apply(request);
                play(reply, socket, out);
                more = reply.keepAlive();
            }
        } catch (IOException e) {
            // The client went away, which many scripts are about.
        } finally {
            sockets.remove(socket);
        }
    }

    private void play(ScriptedReply reply, Socket socket, OutputStream out) throws IOException {
        long clock = System.nanoTime();
        for (Step step : reply.steps()) {
            switch (step) {
                case Step.Send(byte[] bytes) -> send(out, bytes);
                case Step.Wait(var duration) -> {
                    clock += duration.toNanos();
                    waitUntil(clock);
                }
                case Step.Repeat repeat -> repeat(out, repeat);
                case Step.Reset() -> {
                    socket.setSoLinger(true, 0);
                    socket.close();
                }
                case Step.Close() -> socket.close();
            }
        }
    }

    private void repeat(OutputStream out, Step.Repeat repeat) throws IOException {
        long clock = System.nanoTime();
        for (long i = 0; i < repeat.times(); i++) {
            send(out, repeat.bytes());
            if (!repeat.pause().isZero()) {
                clock += repeat.pause().toNanos();
                waitUntil(clock);
            }
        }
    }

    private void send(OutputStream out, byte[] bytes) throws IOException {
        if (sent.size() < 100_000) {
            sent.add(System.nanoTime());
        }
        out.write(bytes);
    }

    private void waitUntil(long nanos) throws IOException {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            if (server.isClosed()) {
                throw new EOFException("the server is closed");
            }
            LockSupport.parkNanos(Math.min(left, 100_000_000));
        }
    }

    private static Request read(InputStream in, int connection) throws IOException {
        List<String> head = head(in);
        Map<String, String> headers = new TreeMap<>();
        for (String line : head.subList(1, head.size())) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Request(connection, head.getFirst(), headers, body);
    }

    private static List<String> head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            int b = in.read();
            if (b < 0 || head.length() > MOST_HEAD_BYTES) {
                throw new EOFException("no whole request");
            }
            head.append((char) b);
        }
        return head.toString().strip().lines().toList();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
