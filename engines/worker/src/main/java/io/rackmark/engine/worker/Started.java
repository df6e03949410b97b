package io.rackmark.engine.worker;

/**
 * A worker that said hello.
 *
 * @param pid of the child
 * @param execNanos {@link System#nanoTime()} of this process just before exec
 * @param mainNanos {@link System#nanoTime()} of the child at the start of its main
 * @param comparable whether the two stamps share a clock. They do on Linux, where both are
 *     CLOCK_MONOTONIC; checked by the order exec, main, hello received
 */
public record Started(long pid, long execNanos, long mainNanos, boolean comparable) {}
