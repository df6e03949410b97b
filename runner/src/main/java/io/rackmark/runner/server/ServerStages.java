package io.rackmark.runner.server;

import org.jspecify.annotations.Nullable;

/**
 * The cold start of a server. Instants are {@link System#nanoTime()}; before each lies the stage
 * that it ends.
 *
 * @param execNanos before the process is started
 * @param portOpenNanos something accepts connections
 * @param readyNanos the ready path answered with status 200
 * @param loadedNanos the requests that load the model were answered; equal to ready without any
 * @param pullNanos time spent on fetching the model, in none of the durations below
 * @param firstTokenNanos first token of the first request; null before that
 */
public record ServerStages(
        long execNanos,
        long portOpenNanos,
        long readyNanos,
        long loadedNanos,
        long pullNanos,
        @Nullable Long firstTokenNanos) {

    /** exec → port open. */
    public long portOpenAfterNanos() {
        return portOpenNanos - execNanos;
    }

    /** exec → the model is resident and the server usable. */
    public long loadNanos() {
        return loadedNanos - execNanos - pullNanos;
    }

    /** exec → first token; null before there was one. */
    public @Nullable Long coldStartNanos() {
        return firstTokenNanos == null ? null : firstTokenNanos - execNanos - pullNanos;
    }

    ServerStages withFirstToken(long nanos) {
        return new ServerStages(
                execNanos, portOpenNanos, readyNanos, loadedNanos, pullNanos, nanos);
    }
}
