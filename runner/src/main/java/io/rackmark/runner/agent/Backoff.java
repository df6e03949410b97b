package io.rackmark.runner.agent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Waits after refused requests (429, 503).
 *
 * @param delays wait before each retry when the server names none; its length is the number of
 *     retries
 * @param jitter largest random addition, as a share of the wait
 * @param longestRetryAfter a server that asks for more is not waited for
 */
public record Backoff(List<Duration> delays, double jitter, Duration longestRetryAfter) {

    public Backoff {
        delays = List.copyOf(delays);
        if (delays.stream().anyMatch(Duration::isNegative)) {
            throw new IllegalArgumentException("back-off delays must not be negative: " + delays);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("back-off jitter must be 0 to 1, not " + jitter);
        }
    }

    /**
     * The wait after a refusal, or empty when it is time to give up. A server's own Retry-After
     * replaces the schedule's delay; jitter only ever lengthens a wait.
     *
     * @param refusals requests refused so far, this one included
     */
    Optional<Duration> waitAfter(ChatFailure refusal, int refusals, RandomGenerator random) {
        if (refusals > delays.size()) {
            return Optional.empty();
        }
        Duration asked = refusal.retryAfter();
        if (asked != null && asked.compareTo(longestRetryAfter) > 0) {
            return Optional.empty();
        }
        Duration base = asked == null || asked.isNegative() ? delays.get(refusals - 1) : asked;
        return Optional.of(base.plusNanos((long) (base.toNanos() * jitter * random.nextDouble())));
    }
}
