package io.rackmark.engine.remote;

/**
 * How much a server may send before it is cut off.
 *
 * @param eventBytes one event of a stream
 * @param bodyBytes one answer that is not a stream
 * @param streamBytes one stream
 */
public record Bounds(int eventBytes, int bodyBytes, long streamBytes) {

    /** A hundred times the longest answer of a model, and far below a JVM's memory. */
    public static final Bounds USUAL = new Bounds(16 << 20, 16 << 20, 256L << 20);
}
