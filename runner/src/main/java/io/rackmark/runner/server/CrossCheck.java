package io.rackmark.runner.server;

/**
 * One request timed by both sides.
 *
 * @param server the server's own times
 * @param wallNanos sent → whole answer read, by our clock
 */
public record CrossCheck(NativeTimings server, long wallNanos) {

    /** What neither prompt nor output accounts for: network, queue, tokenizer, JSON. */
    public long otherNanos() {
        return wallNanos - server.promptNanos() - server.outputNanos();
    }
}
