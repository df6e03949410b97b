package io.rackmark.engine.remote.arrival;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** Both ends of a connection over loopback, the near one made by {@link ArrivalSockets}. */
final class Peer implements AutoCloseable {
    final ArrivalSockets sockets = new ArrivalSockets();
    final ServerSocket server;
    private @Nullable Socket near;
    private @Nullable Socket far;

    Peer() throws IOException {
        this(ServerSocketFactory.getDefault());
    }

    Peer(ServerSocketFactory factory) throws IOException {
        server = factory.createServerSocket(0, 8, InetAddress.getLoopbackAddress());
    }

    Socket near() throws IOException {
        if (near == null) {
            near = sockets.createSocket();
            near.setSoTimeout(5000);
            near.connect(address(), 5000);
        }
        return near;
    }

    Socket far() throws IOException {
        if (far == null) {
            near();
            far = Objects.requireNonNull(server.accept());
            far.setTcpNoDelay(true);
        }
        return far;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    /** Sends and returns the time before. */
    long send(String text) throws IOException {
        long nanos = System.nanoTime();
        far().getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return nanos;
    }

    /** One read into a buffer that has room for more. */
    String read() throws IOException {
        return read(near());
    }

    static String read(Socket socket) throws IOException {
        byte[] buffer = new byte[1000];
        int count = socket.getInputStream().read(buffer);
        return count < 0 ? "(end)" : new String(buffer, 0, count, StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        sockets.close();
        server.close();
        if (far != null) {
            far.close();
        }
    }
}
