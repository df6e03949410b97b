package io.rackmark.engine.remote;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one request went, whatever came of it.
 *
 * @param text the answer, or as much of it as arrived
 * @param reasoning thoughts shown before it; empty for most models
 * @param finish why it ended, in the server's word; null when it did not say
 * @param usage tokens as the server counts them; null when it did not say
 * @param servedModel name of the model in the answer; null when it did not say
 * @param timeline when everything happened
 * @param failure null when the answer is whole
 */
public record RemoteResult(
        String text,
        String reasoning,
        @Nullable String finish,
        @Nullable Usage usage,
        @Nullable String servedModel,
        Timeline timeline,
        @Nullable RemoteFailure failure) {

    /**
     * When everything happened; stamps are {@link System#nanoTime()}.
     *
     * @param sentNanos request handed to the HTTP client
     * @param network phases before the body
     * @param events in order of arrival
     * @param endNanos end of the stream, or of the waiting
     */
    public record Timeline(
            long sentNanos, Network network, List<StreamEvent> events, long endNanos) {
        public Timeline {
            events = List.copyOf(events);
        }
    }
}
