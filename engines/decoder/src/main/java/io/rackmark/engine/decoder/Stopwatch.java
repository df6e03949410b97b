package io.rackmark.engine.decoder;

import io.rackmark.engine.Completion.Phases;
import java.util.function.Supplier;

/**
 * Where the time of one request goes, in nanoseconds. Written by the calling thread before the
 * request is queued and by the scheduler's after; the hand-over orders the two.
 */
final class Stopwatch {
    long queuedAt;
    long queue;
    long template;
    long tokenize;
    long prefill;
    long decode;
    long sample;
    long detokenize;
    long fill;

    <T> T template(Supplier<T> work) {
        long start = System.nanoTime();
        T result = work.get();
        template += System.nanoTime() - start;
        return result;
    }

    <T> T tokenize(Supplier<T> work) {
        long start = System.nanoTime();
        T result = work.get();
        tokenize += System.nanoTime() - start;
        return result;
    }

    Phases phases() {
        return new Phases(queue, template, tokenize, prefill, decode, sample, detokenize, fill);
    }
}
