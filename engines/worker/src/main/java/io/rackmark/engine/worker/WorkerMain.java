package io.rackmark.engine.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Main of the child. Arguments: the socket's path and the engine's id; a secret comes as one line
 * of standard input. Lives as long as the socket: when the runner goes, however it goes, so does
 * the worker.
 */
public final class WorkerMain {
    private static final int USAGE = 2;

    private WorkerMain() {}

    public static void main(String[] args) throws IOException {
        long mainNanos = System.nanoTime();
        if (args.length != 2) {
            System.err.println("This process is started by rackmark, never by hand.");
            System.exit(USAGE);
        }
        Interrupts.ignore();
        String token = secret();
        // A connected address is already bound; the folder may be gone a moment later.
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(Path.of(args[0])));
            Outbox outbox = new Outbox(channel);
            outbox.send(new Reply.Hello(Link.HELLO, token, mainNanos));
            new WorkerSession(channel, outbox, args[1]).serve();
        }
    }

    private static String secret() throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        String line = in.readLine();
        return line == null ? "" : line;
    }
}
