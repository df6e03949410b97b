package io.rackmark.engine.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A server of event streams in a process of its own. Each event's text is the time right before its
 * sending, so a client knows the truth of what it measured: {@link System#nanoTime()} is
 * CLOCK_MONOTONIC on Linux and the same in all processes. The request path says what is sent:
 * {@code /v1/stamped/EVENTS/PAUSE_MICROS} or {@code /v1/flood/EVENTS}; one request per connection.
 *
 * <p>All stamped streams are sent by one thread from bytes made before: what passes between stamp
 * and system call, and what the server takes from the client on the same machine, would count as
 * errors of the client.
 */
public final class StampingServer {
    private static final String PIECE =
            "data: {\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},"
                    + "\"finish_reason\":null}]}\n\n";
    private static final byte[] HEAD =
            ascii(
                    String.join(
                            "\r\n",
                            "HTTP/1.1 200 OK",
                            "Content-Type: text/event-stream",
                            "Transfer-Encoding: chunked",
                            "Connection: close",
                            "\r\n"));
    private static final byte[] END = ascii(chunk("data: [DONE]\n\n") + "0\r\n\r\n");
    private static final int DIGITS = 19; // of Long.MAX_VALUE
    private static final int FLOOD_EVENTS_PER_CHUNK = 100;

    private final ConcurrentLinkedQueue<Stream> begun = new ConcurrentLinkedQueue<>();
    private final Thread sender = Thread.ofPlatform().daemon().name("sender").unstarted(this::send);
    private final String stamped =
            chunk(String.format(Locale.ROOT, PIECE, "0".repeat(DIGITS) + " "));
    private final ByteBuffer event =
            ByteBuffer.allocateDirect(stamped.length()).put(ascii(stamped));
    private final int stampAt = stamped.indexOf("0".repeat(DIGITS));

    private static final class Stream implements Comparable<Stream> {
        final SocketChannel channel;
        final long pauseNanos;
        long due;
        int left;

        Stream(SocketChannel channel, int events, long pauseNanos) {
            this.channel = channel;
            this.left = events;
            this.pauseNanos = pauseNanos;
            this.due = System.nanoTime() + pauseNanos;
        }

        @Override
        public int compareTo(Stream other) {
            return Long.compare(due, other.due);
        }
    }

    private StampingServer() {}

    /** Prints its port, then serves until its standard input ends. */
    public static void main(String[] args) throws IOException {
        StampingServer server = new StampingServer();
        server.sender.start();
        ServerSocketChannel door =
                ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        Thread.ofPlatform().daemon().start(() -> server.accept(door));
        System.out.println(((InetSocketAddress) door.getLocalAddress()).getPort());
        int _ = System.in.read();
    }

    private void accept(ServerSocketChannel door) {
        while (true) {
            try {
                SocketChannel channel = door.accept();
                channel.socket().setTcpNoDelay(true);
                String[] path = request(channel).split("[ /]+", -1);
                int events = Integer.parseInt(path[3]);
                channel.write(ByteBuffer.wrap(HEAD));
                if (path[2].equals("stamped")) {
                    begun.add(new Stream(channel, events, 1000L * Integer.parseInt(path[4])));
                    LockSupport.unpark(sender);
                } else {
                    Thread.ofPlatform().daemon().start(() -> flood(channel, events));
                }
            } catch (IOException e) {
                // That client went away.
            }
        }
    }

    /** Reads a request and returns its first line. */
    private static String request(SocketChannel channel) throws IOException {
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 14);
        int whole = Integer.MAX_VALUE;
        while (text.length() < whole) {
            if (channel.read(buffer.clear()) < 0) {
                throw new IOException("no whole request");
            }
            text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            int head = text.indexOf("\r\n\r\n");
            if (head >= 0) {
                String lines = text.substring(0, head).toLowerCase(Locale.ROOT);
                String length = lines.replaceFirst("(?s).*\r\ncontent-length: *(\\d+).*", "$1");
                whole = head + 4 + Integer.parseInt(length);
            }
        }
        return text.substring(0, text.indexOf("\r\n"));
    }

    /** Sends whatever is due, in order. */
    private void send() {
        PriorityQueue<Stream> streams = new PriorityQueue<>();
        while (true) {
            for (Stream next = begun.poll(); next != null; next = begun.poll()) {
                streams.add(next);
            }
            Stream first = streams.peek();
            if (first == null) {
                LockSupport.park(this);
                continue;
            }
            long early = first.due - System.nanoTime();
            if (early > 0) {
                LockSupport.parkNanos(this, early);
                continue;
            }
            streams.remove();
            if (sent(first)) {
                streams.add(first);
            }
        }
    }

    /** Sends one event, or the end; false when that was the last. */
    private boolean sent(Stream stream) {
        try {
            if (stream.left-- > 0) {
                stamp();
                stream.channel.write(event);
                stream.due += stream.pauseNanos;
                return true;
            }
            stream.channel.write(ByteBuffer.wrap(END));
            stream.channel.close();
        } catch (IOException e) {
            // That client went away.
        }
        return false;
    }

    private void stamp() {
        event.clear();
        long rest = System.nanoTime();
        for (int i = stampAt + DIGITS - 1; i >= stampAt; i--) {
            event.put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
    }

    private static void flood(SocketChannel channel, int events) {
        byte[] chunk =
                ascii(chunk(String.format(Locale.ROOT, PIECE, "x").repeat(FLOOD_EVENTS_PER_CHUNK)));
        try (channel) {
            for (int i = 0; i < events / FLOOD_EVENTS_PER_CHUNK; i++) {
                channel.write(ByteBuffer.wrap(chunk));
            }
            channel.write(ByteBuffer.wrap(END));
        } catch (IOException e) {
            // That client went away.
        }
    }

    /** Text in the chunked transfer coding. */
    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
