package io.rackmark.runner.remote;

import io.rackmark.engine.remote.Network;
import io.rackmark.engine.remote.RemoteFailure;
import io.rackmark.engine.remote.RemoteResult;
import io.rackmark.engine.remote.StreamEvent;
import io.rackmark.engine.remote.Usage;
import io.rackmark.engine.remote.provider.Price;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.RemoteTrace;
import io.rackmark.runner.result.RequestRecord;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Results of requests as records.
 *
 * @param key of the cell
 * @param attempt at the cell
 * @param price of the model; empty when unknown
 * @param roundTripNanos to the endpoint; null when not measured
 */
record RemoteRecords(
        CellKey key, int attempt, Optional<Price> price, @Nullable Long roundTripNanos) {

    /**
     * @param pacedNanos held back before it was sent
     */
    RequestRecord of(
            String label, RequestRecord.Phase phase, RemoteResult result, long pacedNanos) {
        long sent = result.timeline().sentNanos();
        @Nullable RemoteFailure failure = result.failure();
        @Nullable Usage usage = result.usage();
        @Nullable String finish = result.finish();
        return new RequestRecord(
                key,
                label,
                attempt,
                phase,
                failure == null ? RequestRecord.State.COMPLETED : RequestRecord.State.FAILED,
                sent,
                contentNanos(result),
                usage == null ? null : usage.promptTokens(),
                "",
                usage == null ? null : usage.outputTokens(),
                failure != null || finish == null ? null : finish.toUpperCase(Locale.ROOT),
                null,
                null,
                failure == null ? null : failure.message(),
                trace(result, pacedNanos));
    }

    private RemoteTrace trace(RemoteResult result, long pacedNanos) {
        long sent = result.timeline().sentNanos();
        Network network = result.timeline().network();
        @Nullable Usage usage = result.usage();
        @Nullable RemoteFailure failure = result.failure();
        return new RemoteTrace(
                network.reused(),
                network.dnsNanos(),
                network.connectNanos(),
                network.tlsNanos(),
                network.requestNanos(),
                network.headersNanos(),
                firstAnswerNanos(result),
                result.timeline().endNanos() - sent,
                roundTripNanos,
                usage == null ? null : usage.cachedTokens(),
                usage == null ? null : usage.reasoningTokens(),
                dollars(result),
                result.servedModel(),
                failure == null ? null : failure.status(),
                failure == null ? null : failure.kind().name(),
                pacedNanos);
    }

    /** A request that was refused before the model saw it costs nothing. */
    private @Nullable Double dollars(RemoteResult result) {
        @Nullable RemoteFailure failure = result.failure();
        if (price.isEmpty()) {
            return null;
        }
        return failure != null && failure.status() != null && result.usage() == null
                ? (Double) 0.0
                : price.get().dollars(result.usage());
    }

    private static List<Long> contentNanos(RemoteResult result) {
        return result.timeline().events().stream()
                .filter(
                        event ->
                                event.kind() == StreamEvent.Kind.ANSWER
                                        || event.kind() == StreamEvent.Kind.REASONING)
                .map(StreamEvent::nanos)
                .toList();
    }

    private static @Nullable Long firstAnswerNanos(RemoteResult result) {
        return result.timeline().events().stream()
                .filter(event -> event.kind() == StreamEvent.Kind.ANSWER)
                .map(event -> event.nanos() - result.timeline().sentNanos())
                .findFirst()
                .orElse(null);
    }
}
