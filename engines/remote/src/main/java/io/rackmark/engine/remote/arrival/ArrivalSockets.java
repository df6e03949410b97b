package io.rackmark.engine.remote.arrival;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets whose bytes are read by one thread as they arrive, and kept with that time for
 * whoever reads the socket: then {@link Arrival#nanos()} is the time of what was read, no matter
 * how long it waited for its reader. In all else they are plain sockets, with the same timeouts and
 * exceptions. Thread-safe. The thread begins with the first connection and ends with {@link
 * #close()}.
 */
public final class ArrivalSockets extends SocketFactory implements AutoCloseable {
    private @Nullable Watcher watcher;
    private boolean closed;

    private static final class Plain extends Socket {
        Plain(SocketImpl implementation) throws SocketException {
            super(implementation);
        }
    }

    synchronized Watcher watcher() throws IOException {
        if (closed) {
            throw new SocketException("the client is closed");
        }
        if (watcher == null) {
            watcher = new Watcher();
        }
        return watcher;
    }

    @Override
    public Socket createSocket() throws IOException {
        return new Plain(new ArrivalSocket(this));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
            throws IOException {
        return connected(
                new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
            throws IOException {
        return connected(
                new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    private Socket connected(InetSocketAddress to, @Nullable InetSocketAddress from)
            throws IOException {
        Socket socket = createSocket();
        try {
            if (from != null) {
                socket.bind(from);
            }
            socket.connect(to);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Closes every socket made here and ends the thread. */
    @Override
    public synchronized void close() {
        closed = true;
        if (watcher != null) {
            watcher.close();
            watcher = null;
        }
    }
}
