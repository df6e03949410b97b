package io.rackmark.engine.remote;

/**
 * One event of an answer.
 *
 * @param nanos {@link System#nanoTime()} when the bytes that completed it reached this process
 * @param kind what it held
 * @param chars UTF-16 units of text in it
 */
public record StreamEvent(long nanos, Kind kind, int chars) {

    /** What an event holds; the first that applies, in this order. */
    public enum Kind {
        ERROR,
        ANSWER,
        /** Thoughts of a reasoning model. */
        REASONING,
        /** Token counts without text. */
        USAGE,
        /** Role only, an empty text, a tool call, a reason to end. */
        OTHER,
        /** {@code [DONE]}. */
        DONE
    }
}
