package io.rackmark.engine.remote;

import java.time.Duration;

/**
 * How long a request may take.
 *
 * @param connect until a connection stands, TLS included in each of its steps
 * @param silence between two bytes
 * @param total from sending to the end of the answer
 */
public record Deadlines(Duration connect, Duration silence, Duration total) {

    /**
     * Ten seconds connect around the world twice over; a reasoning model may be silent for minutes
     * before it answers; ten minutes are longer than any answer of the question sets.
     */
    public static final Deadlines USUAL =
            new Deadlines(Duration.ofSeconds(10), Duration.ofMinutes(3), Duration.ofMinutes(10));

    public Deadlines {
        if (!connect.isPositive() || !silence.isPositive() || !total.isPositive()) {
            throw new IllegalArgumentException("deadlines must be positive");
        }
    }
}
