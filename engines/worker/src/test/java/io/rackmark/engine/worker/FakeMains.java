package io.rackmark.engine.worker;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;

/** Mains that do not keep to the protocol. Each ends with the socket. */
final class FakeMains {
    private FakeMains() {}

    /** Never connects. */
    static final class Silent {
        private Silent() {}

        public static void main(String[] args) throws InterruptedException {
            Thread.sleep(60_000);
        }
    }

    /** Sends a length far out of bounds. */
    static final class Garbage {
        private Garbage() {}

        public static void main(String[] args) throws IOException {
            try (SocketChannel channel = connect(args)) {
                write(channel, new byte[] {'G', 'E', 'T', ' ', '/', 0, 1});
                untilClosed(channel);
            }
        }
    }

    /** Does not know the secret. */
    static final class Stranger {
        private Stranger() {}

        public static void main(String[] args) throws IOException {
            try (SocketChannel channel = connect(args)) {
                Frames.write(channel, new Reply.Hello(0, "guess", System.nanoTime()));
                untilClosed(channel);
            }
        }
    }

    /** Answers the first command with what was not asked. */
    static final class WrongAnswer {
        private WrongAnswer() {}

        public static void main(String[] args) throws IOException {
            try (SocketChannel channel = hello(args)) {
                long id = Frames.read(channel, Command.class).orElseThrow().id();
                Frames.write(channel, new Reply.TokenIds(id, List.of(1)));
                untilClosed(channel);
            }
        }
    }

    /** Ends in the middle of a frame. */
    static final class Torn {
        private Torn() {}

        public static void main(String[] args) throws IOException {
            try (SocketChannel channel = hello(args)) {
                var _ = Frames.read(channel, Command.class).orElseThrow();
                write(channel, new byte[] {0, 0, 1, 0, '{', '"'});
            }
        }
    }

    private static SocketChannel hello(String[] args) throws IOException {
        StringBuilder token = new StringBuilder();
        for (int c = System.in.read(); c > '\n'; c = System.in.read()) {
            token.append((char) c);
        }
        SocketChannel channel = connect(args);
        Frames.write(channel, new Reply.Hello(0, token.toString(), System.nanoTime()));
        return channel;
    }

    private static SocketChannel connect(String[] args) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(args[0]));
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static void untilClosed(SocketChannel channel) throws IOException {
        ByteBuffer rest = ByteBuffer.allocate(64);
        while (channel.read(rest.clear()) >= 0) {
            // whatever comes
        }
    }
}
