package io.rackmark.runner.serve;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a model is served.
 *
 * @param host name or address to listen on
 * @param port 0 takes any free one
 * @param model name that clients ask for
 * @param fingerprint engine, model and precision, told with each answer
 * @param queue requests that may wait for a slot; more are refused with 429
 * @param maxBodyBytes longest request body
 * @param arrival how long a request may take to arrive, head and body together
 * @param drain how long running requests may go on after the end was asked for
 * @param key bearer key that clients must send; null asks for none
 */
public record ServeSettings(
        String host,
        int port,
        String model,
        String fingerprint,
        int queue,
        int maxBodyBytes,
        Duration arrival,
        Duration drain,
        @Nullable String key) {

    /** A few per slot: who waits longer than that is better told to come back. */
    public static final int QUEUE = 64;

    /** A prompt of a million characters, escaped. */
    public static final int MAX_BODY_BYTES = 4 << 20;

    /** The longest body in that time is 140 kB/s. */
    public static final Duration ARRIVAL = Duration.ofSeconds(30);

    /** What orchestrators grant by default before they kill. */
    public static final Duration DRAIN = Duration.ofSeconds(25);

    public ServeSettings {
        if (port < 0 || port > 65_535 || queue < 0 || maxBodyBytes < 1) {
            throw new IllegalArgumentException(
                    "need 0 <= port <= 65535, queue >= 0, maxBodyBytes >= 1");
        }
        if (!arrival.isPositive() || drain.isNegative()) {
            throw new IllegalArgumentException("need arrival > 0, drain >= 0");
        }
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "%s on %s:%d%s".formatted(model, host, port, key == null ? "" : " with a key");
    }
}
