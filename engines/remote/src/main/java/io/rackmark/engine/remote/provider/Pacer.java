package io.rackmark.engine.remote.provider;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Spreads requests evenly so that an endpoint's limits per minute are not met. No burst is saved
 * up: two requests are never closer than the limits allow on average. Thread-safe; those who came
 * first go first.
 */
public final class Pacer {
    /** Nothing is held back. */
    public static final Pacer NONE = new Pacer(RateLimits.NONE);

    private static final double NANOS_PER_MINUTE = 60e9;

    /** A wait is looked at anew so often, because a correction may have shortened it. */
    private static final long SLICE_NANOS = 100_000_000;

    /** Time, to be replaced in tests. */
    public interface Time {

        /** Monotonic nanoseconds. */
        long nanoTime();

        /** Waits. */
        void sleep(long nanos) throws InterruptedException;

        /** The machine's own. */
        Time SYSTEM =
                new Time() {
                    @Override
                    public long nanoTime() {
                        return System.nanoTime();
                    }

                    @Override
                    public void sleep(long nanos) throws InterruptedException {
                        Thread.sleep(java.time.Duration.ofNanos(nanos));
                    }
                };
    }

    /**
     * Leave to send one request.
     *
     * @param waitedNanos held back for it
     * @param tokens it was taken to cost
     */
    public record Grant(long waitedNanos, int tokens) {}

    private final long nanosPerRequest;
    private final double nanosPerToken;
    private final Time time;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final Object state = new Object();
    private long freeNanos;

    /** Keeps to these limits; those that are null hold nothing back. */
    public Pacer(RateLimits limits) {
        this(limits, Time.SYSTEM);
    }

    /** As {@link #Pacer(RateLimits)}, with a clock of the caller's. */
    public Pacer(RateLimits limits, Time time) {
        this.nanosPerRequest = Math.round(interval(limits.requestsPerMinute()));
        this.nanosPerToken = interval(limits.tokensPerMinute());
        this.time = time;
        this.freeNanos = time.nanoTime();
    }

    private static double interval(@Nullable Integer perMinute) {
        return perMinute == null ? 0 : NANOS_PER_MINUTE / perMinute;
    }

    /**
     * Waits for the turn of one request. An interrupt ends the wait and stays set.
     *
     * @param tokens that it is expected to cost, prompt and output together
     */
    public Grant await(int tokens) {
        if (nanosPerRequest == 0 && nanosPerToken == 0) {
            return new Grant(0, tokens);
        }
        long begin = time.nanoTime();
        turn.lock();
        try {
            for (long left = left(); left > 0; left = left()) {
                time.sleep(Math.min(left, SLICE_NANOS));
            }
            return new Grant(take(tokens) - begin, tokens);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Grant(time.nanoTime() - begin, tokens);
        } finally {
            turn.unlock();
        }
    }

    private long left() {
        synchronized (state) {
            return freeNanos - time.nanoTime();
        }
    }

    private long take(int tokens) {
        synchronized (state) {
            long now = time.nanoTime();
            freeNanos = Math.max(0, freeNanos - now) + now + room(tokens);
            return now;
        }
    }

    /** Puts right what a request was taken to cost, once the endpoint has counted. */
    public void used(Grant grant, int tokens) {
        synchronized (state) {
            freeNanos += room(tokens) - room(grant.tokens());
        }
    }

    private long room(int tokens) {
        return Math.max(nanosPerRequest, Math.round(tokens * nanosPerToken));
    }
}
