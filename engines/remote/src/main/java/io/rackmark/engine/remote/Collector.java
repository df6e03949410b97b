package io.rackmark.engine.remote;

import io.rackmark.engine.remote.StreamEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Puts an answer together from its events. */
final class Collector implements SseParser.Sink {
    private static final int DONE_BYTES = 6;

    private final StringBuilder answer = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<StreamEvent> events = new ArrayList<>();
    private @Nullable String finish;
    private @Nullable Usage usage;
    private @Nullable String model;
    private @Nullable JsonNode error;
    private @Nullable String malformed;
    private boolean done;

    @Override
    public boolean event(boolean named, byte[] data, int length, long nanos) {
        if (isDone(data, length)) {
            done = true;
            events.add(new StreamEvent(nanos, Kind.DONE, 0));
            return false;
        }
        boolean more = object(data, length, nanos);
        if (named && more) {
            error = DeltaReader.JSON.readTree(data, 0, length);
            events.set(events.size() - 1, new StreamEvent(nanos, Kind.ERROR, 0));
        }
        return more && !named;
    }

    /** One JSON object; false when it ends the answer. */
    boolean object(byte[] data, int length, long nanos) {
        Delta delta;
        try {
            delta = DeltaReader.read(data, length);
        } catch (JacksonException e) {
            malformed = e.getOriginalMessage();
            events.add(new StreamEvent(nanos, Kind.ERROR, 0));
            return false;
        }
        answer.append(delta.answer());
        reasoning.append(delta.reasoning());
        finish = delta.finish() == null ? finish : delta.finish();
        usage = delta.usage() == null ? usage : delta.usage();
        model = model == null ? delta.model() : model;
        error = delta.error();
        events.add(
                new StreamEvent(
                        nanos, kind(delta), delta.answer().length() + delta.reasoning().length()));
        return error == null;
    }

    private static Kind kind(Delta delta) {
        if (delta.error() != null) {
            return Kind.ERROR;
        }
        if (!delta.answer().isEmpty()) {
            return Kind.ANSWER;
        }
        if (!delta.reasoning().isEmpty()) {
            return Kind.REASONING;
        }
        return delta.usage() == null ? Kind.OTHER : Kind.USAGE;
    }

    private static boolean isDone(byte[] data, int length) {
        return length == DONE_BYTES
                && data[0] == '['
                && data[1] == 'D'
                && data[2] == 'O'
                && data[3] == 'N'
                && data[4] == 'E'
                && data[5] == ']';
    }

    /** Whether the server said that the answer is over. */
    boolean complete() {
        return done || finish != null;
    }

    boolean empty() {
        return events.isEmpty();
    }

    @Nullable JsonNode error() {
        return error;
    }

    @Nullable String malformed() {
        return malformed;
    }

    RemoteResult result(
            long sentNanos, Network network, long endNanos, @Nullable RemoteFailure failure) {
        return new RemoteResult(
                answer.toString(),
                reasoning.toString(),
                finish,
                usage,
                model,
                new RemoteResult.Timeline(sentNanos, network, events, endNanos),
                failure);
    }
}
