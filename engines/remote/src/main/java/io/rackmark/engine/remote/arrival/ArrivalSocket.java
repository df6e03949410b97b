package io.rackmark.engine.remote.arrival;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection: {@link java.net.Socket} keeps its state and calls what is here. The watcher's
 * thread reads it into the inbox; callers write it themselves.
 */
final class ArrivalSocket extends SocketImpl {
    /** Not read by anybody, more is left in the system's buffer, and so with the sender. */
    private static final int FULL_BYTES = 256 << 10;

    private final ArrivalSockets sockets;
    private final Inbox inbox = new Inbox();
    private final Signal outgoing = new Signal(); // connected, or room to write
    private final ReentrantLock writing = new ReentrantLock();
    private volatile @Nullable SocketChannel channel;
    private volatile @Nullable Watcher watcher;
    private volatile @Nullable SelectionKey key;
    private volatile boolean ready; // what a thread awaits of outgoing
    private volatile boolean paused;
    private volatile boolean closed;
    private volatile int timeoutMillis;

    ArrivalSocket(ArrivalSockets sockets) {
        this.sockets = sockets;
    }

    /** In the watcher's thread: does what can be done without waiting. */
    void ready(SelectionKey watched, ByteBuffer buffer) {
        key = watched;
        if (key.isReadable()) {
            receive(watched, buffer);
        }
        if ((watched.readyOps() & (SelectionKey.OP_CONNECT | SelectionKey.OP_WRITE)) != 0) {
            watched.interestOpsAnd(~(SelectionKey.OP_CONNECT | SelectionKey.OP_WRITE));
            ready = true;
        }
    }

    private void receive(SelectionKey watched, ByteBuffer buffer) {
        try {
            int count = open().read(buffer.clear());
            long nanos = System.nanoTime();
            if (count < 0) {
                watched.interestOpsAnd(~SelectionKey.OP_READ);
                inbox.end(null);
            } else if (count > 0) {
                byte[] bytes = new byte[count];
                buffer.flip().get(bytes);
                inbox.put(bytes, nanos);
                pauseWhenFull(watched);
            }
        } catch (IOException e) {
            inbox.end(e);
            watched.interestOpsAnd(~SelectionKey.OP_READ);
        }
    }

    private void pauseWhenFull(SelectionKey watched) {
        if (inbox.size() >= FULL_BYTES) {
            paused = true;
            watched.interestOpsAnd(~SelectionKey.OP_READ);
            resumeWhenRead(); // the reader may have looked before
        }
    }

    private void resumeWhenRead() {
        if (paused && inbox.size() < FULL_BYTES / 2) {
            paused = false;
            want(SelectionKey.OP_READ);
        }
    }

    /** In the watcher's thread: has those look who wait. */
    void wake() {
        inbox.wake();
        outgoing.wake();
    }

    private void want(int operations) {
        try {
            Objects.requireNonNull(key).interestOpsOr(operations);
            Objects.requireNonNull(watcher).wake();
        } catch (CancelledKeyException e) {
            // Closed meanwhile: the next operation tells.
        }
    }

    private SocketChannel open() throws SocketException {
        @Nullable SocketChannel current = channel;
        if (current == null || closed) {
            throw new SocketException("Socket closed");
        }
        return current;
    }

    @Override
    protected void create(boolean stream) throws IOException {
        SocketChannel created = SocketChannel.open();
        created.configureBlocking(false);
        channel = created;
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(InetAddress address, int port) throws IOException {
        connect(new InetSocketAddress(address, port), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int millis) throws IOException {
        InetSocketAddress to = (InetSocketAddress) remote;
        if (to.isUnresolved()) {
            throw new UnknownHostException(to.getHostName());
        }
        try {
            finish(to, TimeUnit.MILLISECONDS.toNanos(millis));
        } catch (SocketTimeoutException e) {
            close();
            throw e;
        } catch (InterruptedIOException e) {
            close();
            throw new SocketException("Closed by interrupt", e);
        } catch (ClosedChannelException e) {
            close();
            throw new SocketException("Socket closed", e);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void finish(InetSocketAddress to, long nanos) throws IOException {
        SocketChannel connecting = open();
        Watcher by = sockets.watcher();
        watcher = by;
        boolean done = connecting.connect(to);
        key = by.watch(connecting, done ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
        while (!done) {
            if (!outgoing.await(() -> ready || closed, nanos)) {
                throw new SocketTimeoutException("Connect timed out");
            }
            ready = false;
            done = open().finishConnect();
            want(done ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
        }
        address = to.getAddress();
        port = to.getPort();
        localport = local().getPort();
    }

    private InetSocketAddress local() throws IOException {
        return (InetSocketAddress) Objects.requireNonNull(open().getLocalAddress());
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
        open().bind(new InetSocketAddress(host, port));
        localport = local().getPort();
    }

    @Override
    protected void listen(int backlog) throws IOException {
        throw new SocketException("no server");
    }

    @Override
    protected void accept(SocketImpl connection) throws IOException {
        throw new SocketException("no server");
    }

    @Override
    protected InputStream getInputStream() {
        return new In();
    }

    @Override
    protected OutputStream getOutputStream() {
        return new Out();
    }

    private final class In extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0) {
                return 0;
            }
            int count = inbox.read(into, offset, length, timeoutMillis);
            resumeWhenRead();
            return count;
        }

        @Override
        public int available() {
            return inbox.size();
        }
    }

    private final class Out extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
            writing.lock();
            try {
                while (rest.hasRemaining()) {
                    if (open().write(rest) == 0) {
                        ready = false;
                        want(SelectionKey.OP_WRITE);
                        outgoing.await(() -> ready || closed, 0);
                    }
                }
            } catch (InterruptedIOException | SocketException e) {
                throw e;
            } catch (ClosedChannelException e) {
                throw new SocketException("Socket closed", e);
            } catch (IOException e) {
                throw new SocketException(e.getMessage(), e);
            } finally {
                writing.unlock();
            }
        }
    }

    @Override
    protected int available() {
        return inbox.size();
    }

    @Override
    protected void shutdownInput() throws IOException {
        open().shutdownInput();
        inbox.shut();
    }

    @Override
    protected void shutdownOutput() throws IOException {
        open().shutdownOutput();
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        throw new SocketException("no urgent data");
    }

    @Override
    protected void close() throws IOException {
        closed = true;
        try {
            @Nullable SocketChannel current = channel;
            if (current != null) {
                current.close();
            }
        } finally {
            inbox.close();
            outgoing.wake();
            @Nullable Watcher by = watcher;
            if (by != null) {
                by.wake(); // a watched descriptor is given back by its watcher
            }
        }
    }

    @Override
    public void setOption(int id, Object value) throws SocketException {
        if (id == SO_TIMEOUT) {
            timeoutMillis = (Integer) value;
        } else {
            ChannelOptions.set(open(), id, value);
        }
    }

    @Override
    public Object getOption(int id) throws SocketException {
        return id == SO_TIMEOUT ? (Object) timeoutMillis : ChannelOptions.get(open(), id);
    }
}
