package io.rackmark.engine.remote.arrival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.UnixOperatingSystemMXBean;
import io.rackmark.engine.remote.SelfSigned;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** They behave as plain sockets do, and know when their bytes arrived. */
@Timeout(20)
class ArrivalSocketsTest {
    private static final long LATE_NANOS = 50_000_000;

    @Test
    void aTimeIsThatOfArrivalThoughTheReaderComesLate() throws Exception {
        try (Peer peer = new Peer()) {
            long[] sent = new long[3];
            for (int i = 0; i < 3; i++) {
                sent[i] = peer.send("piece " + i);
                Thread.sleep(70);
            }
            for (int i = 0; i < 3; i++) {
                assertThat(peer.read()).isEqualTo("piece " + i);
                assertThat(Arrival.nanos() - sent[i]).as("piece %d", i).isBetween(0L, LATE_NANOS);
                Thread.sleep(20);
            }
        }
    }

    @Test
    void aTimeIsThatOfArrivalThroughTlsToo() throws Exception {
        SSLContext keys = SelfSigned.context();
        try (Peer peer = new Peer(keys.getServerSocketFactory())) {
            try (SSLSocket near = secure(keys, peer)) {
                CompletableFuture<Void> handshake = inBackground(near::startHandshake);
                long first = peer.send("secret");
                handshake.get(5, TimeUnit.SECONDS);
                Thread.sleep(70);
                long second = peer.send("words");
                Thread.sleep(70);
                assertThat(Peer.read(near)).isEqualTo("secret");
                assertThat(Arrival.nanos() - first).isBetween(0L, second - first);
                assertThat(Peer.read(near)).isEqualTo("words");
                assertThat(Arrival.nanos() - second).isBetween(0L, LATE_NANOS);
                near.setSoTimeout(20);
                assertThatThrownBy(() -> Peer.read(near))
                        .isInstanceOf(SocketTimeoutException.class);
            }
            assertThat(peer.near().isClosed()).isTrue();
        }
    }

    private static SSLSocket secure(SSLContext keys, Peer peer) throws IOException {
        return (SSLSocket)
                keys.getSocketFactory()
                        .createSocket(peer.near(), "127.0.0.1", peer.server.getLocalPort(), true);
    }

    @Test
    void theTimeHoldsForBytesOfAPieceThatAreReadLater() throws Exception {
        try (Peer peer = new Peer()) {
            peer.send("abc");
            assertThat(peer.near().getInputStream().read()).isEqualTo('a');
            long first = Arrival.nanos();
            Thread.sleep(5);
            peer.send("d");
            assertThat(peer.read()).isEqualTo("bc");
            assertThat(Arrival.nanos()).isEqualTo(first);
            assertThat(peer.read()).isEqualTo("d");
            assertThat(Arrival.nanos()).isGreaterThan(first);
        }
    }

    @Test
    void withoutAByteReadHereTheTimeIsNow() {
        Arrival.forget();
        long before = System.nanoTime();
        assertThat(Arrival.nanos()).isBetween(before, System.nanoTime());
    }

    @Test
    void aReadTimesOutAndTheNextOneWorks() throws Exception {
        try (Peer peer = new Peer()) {
            peer.near().setSoTimeout(30);
            assertThatThrownBy(peer::read)
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Read timed out");
            peer.near().setSoTimeout(5000);
            peer.send("late");
            assertThat(peer.read()).isEqualTo("late");
        }
    }

    @Test
    void closingFromAnotherThreadEndsARead() throws Exception {
        for (Thread.Builder kind : new Thread.Builder[] {Thread.ofVirtual(), Thread.ofPlatform()}) {
            try (Peer peer = new Peer()) {
                FutureTask<String> read = reading(peer, kind);
                peer.near().close();
                assertThatThrownBy(() -> read.get(5, TimeUnit.SECONDS))
                        .hasRootCauseInstanceOf(SocketException.class)
                        .hasRootCauseMessage("Socket closed");
                assertThat(peer.far().getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void anInterruptClosesTheSocketOfAVirtualThreadAndOnlyThat() throws Exception {
        try (Peer peer = new Peer()) {
            Thread[] reader = new Thread[1];
            FutureTask<String> read = new FutureTask<>(peer::read);
            peer.far();
            reader[0] = Thread.ofVirtual().start(read);
            Thread.sleep(20);
            reader[0].interrupt();
            assertThatThrownBy(() -> read.get(5, TimeUnit.SECONDS))
                    .hasRootCauseMessage("Closed by interrupt");
            assertThat(peer.near().isClosed()).isTrue();
        }
        try (Peer peer = new Peer()) {
            Thread.currentThread().interrupt();
            peer.send("all the same");
            assertThat(peer.read()).isEqualTo("all the same");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static FutureTask<String> reading(Peer peer, Thread.Builder kind) throws Exception {
        FutureTask<String> read = new FutureTask<>(peer::read);
        peer.far();
        kind.start(read);
        Thread.sleep(20);
        return read;
    }

    @Test
    void aResetIsToldAfterWhatCameBeforeIt() throws Exception {
        try (Peer peer = new Peer()) {
            peer.send("last words");
            Thread.sleep(20);
            peer.far().setSoLinger(true, 0);
            peer.far().close();
            assertThat(peer.read()).isEqualTo("last words");
            assertThatThrownBy(peer::read)
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Connection reset");
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    peer.near().getOutputStream().write(1);
                                }
                            })
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Broken pipe");
        }
    }

    @Test
    void eitherDirectionEndsByItself() throws Exception {
        try (Peer peer = new Peer()) {
            peer.send("over");
            peer.far().shutdownOutput();
            assertThat(peer.read()).isEqualTo("over");
            assertThat(peer.read()).isEqualTo("(end)");
            peer.near().getOutputStream().write('x');
            peer.near().shutdownOutput();
            assertThat(peer.far().getInputStream().readAllBytes()).hasSize(1);
            peer.near().close();
        }
        try (Peer peer = new Peer()) {
            FutureTask<String> read = reading(peer, Thread.ofVirtual());
            peer.near().shutdownInput();
            assertThat(read.get(5, TimeUnit.SECONDS)).isEqualTo("(end)");
            assertThat(peer.near().isInputShutdown()).isTrue();
        }
    }

    @Test
    void whatNobodyReadsStaysWithTheSenderAndIsNotLost() throws Exception {
        byte[] block = new byte[1 << 20];
        int blocks = 64;
        AtomicLong written = new AtomicLong();
        try (Peer peer = new Peer()) {
            OutputStream out = peer.far().getOutputStream();
            CompletableFuture<Void> sender =
                    inBackground(
                            () -> {
                                for (int i = 0; i < blocks; i++) {
                                    Arrays.fill(block, (byte) i);
                                    out.write(block);
                                    written.addAndGet(block.length);
                                }
                                out.close();
                            });
            assertThatThrownBy(() -> sender.get(300, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            assertThat(peer.near().getInputStream().available()).isBetween(1, 512 << 10);
            long bytes = 0;
            byte[] buffer = new byte[1 << 16];
            for (int n = 0; n >= 0; n = peer.near().getInputStream().read(buffer)) {
                if (n > 0) {
                    assertThat(buffer[n - 1]).isEqualTo((byte) ((bytes + n - 1) >> 20));
                }
                bytes += n;
            }
            sender.get(5, TimeUnit.SECONDS);
            assertThat(bytes).isEqualTo(written.get()).isEqualTo((long) blocks << 20);
        }
    }

    @Test
    void aWriteWaitsForRoomAndIsEndedByClosing() throws Exception {
        byte[] much = new byte[32 << 20];
        try (Peer peer = new Peer()) {
            OutputStream out = peer.near().getOutputStream();
            peer.far();
            CompletableFuture<Void> writer = inBackground(() -> out.write(much));
            Thread.sleep(30);
            assertThat(peer.far().getInputStream().readNBytes(much.length)).hasSize(much.length);
            writer.get(5, TimeUnit.SECONDS);
            CompletableFuture<Void> stuck = inBackground(() -> out.write(much));
            Thread.sleep(30);
            peer.near().close();
            assertThatThrownBy(() -> stuck.get(5, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(IOException.class)
                    .hasMessageContaining("Socket closed");
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static CompletableFuture<Void> inBackground(Work work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                work.run();
                                done.complete(null);
                            } catch (IOException e) {
                                done.completeExceptionally(e);
                            }
                        });
        return done;
    }

    @Test
    void connectingFailsAsItDoesElsewhere() throws Exception {
        try (ArrivalSockets sockets = new ArrivalSockets()) {
            Peer gone = new Peer();
            gone.close();
            assertThatThrownBy(() -> sockets.createSocket().connect(gone.address(), 1000))
                    .isInstanceOf(ConnectException.class)
                    .hasMessage("Connection refused");
        }
        try (Peer full = new Peer();
                ServerSocket server = new ServerSocket(0, 1, full.server.getInetAddress())) {
            assertThatThrownBy(
                            () -> {
                                while (true) { // until the queue of the server is full
                                    full.sockets
                                            .createSocket()
                                            .connect(server.getLocalSocketAddress(), 50);
                                }
                            })
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Connect timed out");
            Socket hanging = full.sockets.createSocket();
            CompletableFuture<Void> connect =
                    inBackground(() -> hanging.connect(server.getLocalSocketAddress(), 5000));
            Thread.sleep(20);
            hanging.close();
            assertThatThrownBy(() -> connect.get(4, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(SocketException.class);
        }
    }

    @Test
    void addressesAndOptionsAreThoseOfAPlainSocket() throws Exception {
        try (Peer peer = new Peer();
                Socket plain = new Socket()) {
            Socket near = peer.near();
            plain.connect(peer.address());
            assertThat(near.getInetAddress()).isEqualTo(plain.getInetAddress());
            assertThat(near.getPort()).isEqualTo(plain.getPort());
            assertThat(near.getLocalAddress()).isEqualTo(plain.getLocalAddress());
            assertThat(near.getLocalPort()).isEqualTo(peer.far().getPort());
            assertThat(near.isConnected() && near.isBound() && !near.isClosed()).isTrue();
            for (Socket each : new Socket[] {near, plain}) {
                each.setTcpNoDelay(true);
                each.setKeepAlive(true);
                each.setSoLinger(true, 3);
            }
            assertThat(near.getTcpNoDelay()).isTrue();
            assertThat(near.getKeepAlive()).isTrue();
            assertThat(near.getSoLinger()).isEqualTo(3);
            near.setSoLinger(false, 0);
            assertThat(near.getSoLinger()).isEqualTo(-1);
            assertThat(near.getReceiveBufferSize()).isPositive();
            assertThat(near.getSendBufferSize()).isPositive();
            assertThat(near.getTrafficClass()).isEqualTo(plain.getTrafficClass());
            assertThat(near.getReuseAddress()).isEqualTo(plain.getReuseAddress());
            near.close();
            assertThatThrownBy(near::getInputStream).hasMessage("Socket is closed");
        }
    }

    @Test
    void closingLeavesNoThreadAndNoDescriptor() throws Exception {
        round(); // opens what the JVM keeps
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        long before = descriptors();
        for (int i = 0; i < 5; i++) {
            round();
        }
        assertThat(descriptors()).isLessThan(before + 5);
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !threads.contains(thread))
                .extracting(Thread::getName)
                .doesNotContain("arrivals");
    }

    private static void round() throws Exception {
        Peer peer = new Peer();
        FutureTask<String> read = reading(peer, Thread.ofVirtual());
        Socket[] more = new Socket[5];
        for (int i = 0; i < more.length; i++) {
            more[i] = peer.sockets.createSocket();
            more[i].connect(peer.address());
        }
        more[0].close();
        peer.close();
        assertThatThrownBy(() -> read.get(5, TimeUnit.SECONDS))
                .hasRootCauseMessage("Socket closed");
        assertThatThrownBy(() -> peer.sockets.createSocket().connect(peer.address()))
                .hasMessage("the client is closed");
    }

    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
                ? os.getOpenFileDescriptorCount()
                : 0;
    }

    @Test
    void aClosedSocketGivesItsDescriptorBackWhileOthersStay() throws Exception {
        try (Peer peer = new Peer()) {
            peer.near();
            long before = descriptors();
            for (int i = 0; i < 30; i++) {
                Socket socket = peer.sockets.createSocket();
                socket.connect(peer.address());
                peer.server.accept().close();
                socket.close();
            }
            long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            while (descriptors() > before + 5 && System.nanoTime() < deadline) {
                Thread.sleep(5);
            }
            assertThat(descriptors()).isLessThanOrEqualTo(before + 5);
        }
    }
}
