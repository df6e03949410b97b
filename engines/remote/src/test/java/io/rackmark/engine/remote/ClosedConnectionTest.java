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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A server that keeps no connection, and does not say so. */
class ClosedConnectionTest {
    private final AtomicInteger connections = new AtomicInteger();

    @Test
    void aRequestOverAKeptConnectionThatTheServerClosedGoesOutAgain() throws Exception {
        String events = Clients.piece("Hi") + Clients.finish("stop");
        String answer =
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(events.length(), events);
        try (ServerSocket server = server(answer);
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
        try (ServerSocket server = server("");
                RemoteClient client = client(server)) {
            assertThat(Clients.kind(client.send(Clients.chat()))).contains(RemoteFailure.Kind.CUT);
        }
        assertThat(connections).hasValue(1);
    }

    private static RemoteClient client(ServerSocket server) {
        return Clients.of(
                "http://127.0.0.1:%d/v1".formatted(server.getLocalPort()),
                Dialect.COMMON,
                Clients.SHORT);
    }

    /** Reads one request per connection, answers it so and closes. */
    private ServerSocket server(String answer) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (!server.isClosed()) {
                                serve(server, answer);
                            }
                        });
        return server;
    }

    private void serve(ServerSocket server, String answer) {
        try (Socket socket = server.accept()) {
            connections.incrementAndGet();
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            int length = 0;
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                if (line.startsWith("Content-Length: ")) {
                    length = Integer.parseInt(line.substring(16));
                }
            }
            in.skip(length);
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (SocketException e) {
            // Closed at the end of the test.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
