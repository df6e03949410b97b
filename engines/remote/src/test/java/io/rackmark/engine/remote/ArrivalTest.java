package io.rackmark.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.testkit.ScriptedReply;
import io.rackmark.engine.testkit.ScriptedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** An event's time does not depend on what else this process has to do. */
class ArrivalTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final long BUSY_NANOS = 400_000_000;

    @Test
    void eventsAreTimedWhenTheyArriveThoughAllVirtualThreadsAreBusy() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                RemoteClient client =
                        Clients.of(
                                "http://127.0.0.1:" + server.getLocalPort(),
                                Dialect.COMMON,
                                new Deadlines(LONG, LONG, LONG));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<RemoteResult> running = threads.submit(() -> client.send(Clients.chat()));
            try (Socket socket = server.accept()) {
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.US_ASCII));
                while (!in.readLine().isEmpty()) {
                    // The request's head.
                }
                OutputStream out = socket.getOutputStream();
                send(
                        out,
                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                                + Clients.piece("a"));
                Thread.sleep(100); // until the client waits for more
                long busySince = System.nanoTime();
                busy(threads, busySince + BUSY_NANOS);
                long sent = System.nanoTime();
                send(out, Clients.piece("b") + Clients.finish("stop"));
                socket.shutdownOutput();
                RemoteResult result = running.get();
                List<StreamEvent> events = result.timeline().events();
                assertThat(result.text()).isEqualTo("ab");
                assertThat(result.timeline().endNanos() - busySince).isGreaterThan(BUSY_NANOS);
                assertThat(events.get(1).nanos() - sent).isBetween(0L, BUSY_NANOS / 2);
            }
        }
    }

    @Test
    void aClosedClientLeavesNoThread() throws Exception {
        ScriptedReply reply = ScriptedReply.events(Clients.piece("Hi") + Clients.finish("stop"));
        try (ScriptedServer server = ScriptedServer.always(reply)) {
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            try (RemoteClient client = Clients.of(server.url(), Dialect.COMMON, Clients.SHORT)) {
                assertThat(readers(before)).isEmpty();
                assertThat(client.send(Clients.chat()).text()).isEqualTo("Hi");
                assertThat(readers(before)).hasSize(1);
            }
            assertThat(readers(before)).isEmpty();
        }
    }

    private static List<Thread> readers(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.getName().equals("arrivals"))
                .toList();
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Occupies every carrier of virtual threads. */
    private static void busy(ExecutorService threads, long untilNanos) throws Exception {
        int carriers = Runtime.getRuntime().availableProcessors();
        CountDownLatch begun = new CountDownLatch(carriers);
        for (int i = 0; i < carriers; i++) {
            threads.execute(
                    () -> {
                        begun.countDown();
                        while (System.nanoTime() < untilNanos) {
                            Thread.onSpinWait();
                        }
                    });
        }
        begun.await();
    }
}
