package io.rackmark.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A server that keeps no connection, and does not say so. */
class ClosedConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String EVENTS = Clients.piece("Hi") + Clients.finish("stop");
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(EVENTS.length(), EVENTS);

    private final AtomicInteger connections = new AtomicInteger();

    @Test
    void aRequestOverAKeptConnectionThatTheServerClosedGoesOutAgain() throws Exception {
        try (ServerSocket server = server(ANSWER, null);
                RemoteClient client = client(server)) {
            for (int i = 0; i < 4; i++) {
                RemoteResult result = client.send(Clients.chat());

                assertThat(result.failure()).as("request %d", i).isNull();
                assertThat(result.timeline().network().reused()).isFalse();
            }
        }
        assertThat(connections).hasValue(4);
    }

    @Test
    void aFreshConnectionThatBreaksBeforeTheAnswerIsAFailureAndNothingIsSentTwice()
            throws Exception {
        try (ServerSocket server = server("", null);
                RemoteClient client = client(server)) {
            assertThat(Clients.kind(client.send(Clients.chat()))).contains(RemoteFailure.Kind.CUT);
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void aRequestThatTheServerDropsAfterAWhileIsAFailureThoughTheConnectionWasKept()
            throws Exception {
        try (ServerSocket server = server(ANSWER, Duration.ofMillis(1200));
                RemoteClient client =
                        Clients.of(url(server), Dialect.COMMON, new Deadlines(LONG, LONG, LONG))) {
            assertThat(client.send(Clients.chat()).failure()).isNull();

            assertThat(Clients.kind(client.send(Clients.chat()))).contains(RemoteFailure.Kind.CUT);
        }
        assertThat(connections).hasValue(1);
    }

    private static RemoteClient client(ServerSocket server) {
        return Clients.of(url(server), Dialect.COMMON, Clients.SHORT);
    }

    private static String url(ServerSocket server) {
        return "http://127.0.0.1:%d/v1".formatted(server.getLocalPort());
    }

    /**
     * Answers the first request of each connection so and closes it.
     *
     * @param grace how long it works on a second request before it closes; null: on none
     */
    private ServerSocket server(String answer, @Nullable Duration grace) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (!server.isClosed()) {
                                serve(server, answer, grace);
                            }
                        });
        return server;
    }

    private void serve(ServerSocket server, String answer, @Nullable Duration grace) {
        try (Socket socket = server.accept()) {
            connections.incrementAndGet();
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            request(in);
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            if (grace != null) {
                request(in);
                Thread.sleep(grace);
            }
        } catch (SocketException e) {
            // Closed at the end of the test.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void request(BufferedReader in) throws IOException {
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.startsWith("Content-Length: ")) {
                length = Integer.parseInt(line.substring(16));
            }
        }
        in.skip(length);
    }
}
