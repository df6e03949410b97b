package io.rackmark.engine.worker;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/** The worker's sending end; threads take turns. */
final class Outbox {
    private static final int RUNNER_GONE = 4;

    private final SocketChannel channel;

    Outbox(SocketChannel channel) {
        this.channel = channel;
    }

    /** Sends, or ends this process: without a runner there is nothing left to do. */
    synchronized void send(Reply reply) {
        try {
            Frames.write(channel, reply);
        } catch (IOException e) {
            System.err.println("the runner is gone: " + e);
            Runtime.getRuntime().halt(RUNNER_GONE);
        }
    }
}
