package io.rackmark.engine.remote.arrival;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** One thread that reads all connections as their bytes arrive. */
final class Watcher implements AutoCloseable {
    private static final int READ_BYTES = 64 << 10;

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final List<ArrivalSocket> changed = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    /** Begins to watch. */
    Watcher() throws IOException {
        thread = Thread.ofPlatform().daemon().name("arrivals").start(this::run);
    }

    /**
     * Watches a connection.
     *
     * @param operations of {@link SelectionKey}
     */
    SelectionKey watch(SocketChannel channel, int operations, ArrivalSocket socket)
            throws IOException {
        try {
            SelectionKey key = channel.register(selector, operations, socket);
            selector.wakeup();
            if (!closed) {
                return key;
            }
        } catch (ClosedSelectorException e) {
            // Told below.
        }
        throw new SocketException("the client is closed");
    }

    /** Has changes of keys take effect now. */
    void wake() {
        selector.wakeup();
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(this::ready);
                // Waking takes longer than reading: first all the times, then the readers.
                changed.forEach(ArrivalSocket::wake);
                changed.clear();
            }
        } catch (IOException e) {
            closed = true; // no more events: the sockets fail below
        } finally {
            closeAll();
        }
    }

    private void ready(SelectionKey key) {
        ArrivalSocket socket = (ArrivalSocket) key.attachment();
        try {
            socket.ready(key, buffer);
            changed.add(socket);
        } catch (CancelledKeyException e) {
            // Closed meanwhile.
        }
    }

    private void closeAll() {
        try {
            for (SelectionKey key : selector.keys()) {
                ((ArrivalSocket) key.attachment()).close();
            }
            selector.close();
        } catch (IOException e) {
            // Nothing is left to be told.
        }
    }

    /** Ends the thread and closes its connections. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends all the same
        }
    }
}
