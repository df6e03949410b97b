package io.rackmark.runner.report;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.SpeedCase;
import io.rackmark.runner.result.SpeedLabel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one case that were sent together, all of them completed.
 *
 * @param streams one request per stream
 */
record SpeedRound(CellKey cell, SpeedCase point, List<RequestRecord> streams) {
    private static final double NANOS_PER_S = 1e9;

    private record Key(CellKey cell, int attempt, SpeedCase point, int round) {}

    /** The complete rounds among completed measured requests, in their order. */
    static List<SpeedRound> of(List<RequestRecord> measured) {
        Map<Key, List<RequestRecord>> groups = new LinkedHashMap<>();
        for (RequestRecord request : measured) {
            SpeedLabel.of(request.label())
                    .ifPresent(
                            label ->
                                    groups.computeIfAbsent(
                                                    new Key(
                                                            request.cell(),
                                                            request.attempt(),
                                                            label.point(),
                                                            label.round()),
                                                    _ -> new ArrayList<>())
                                            .add(request));
        }
        return groups.entrySet().stream()
                .filter(e -> e.getValue().size() == e.getKey().point().streams())
                .map(e -> new SpeedRound(e.getKey().cell(), e.getKey().point(), e.getValue()))
                .toList();
    }

    /** The requests of the base case, which is measured first. */
    static List<RequestRecord> base(List<RequestRecord> measured) {
        if (measured.isEmpty()) {
            return measured;
        }
        Optional<SpeedCase> base = point(measured.getFirst());
        return measured.stream().filter(r -> point(r).equals(base)).toList();
    }

    private static Optional<SpeedCase> point(RequestRecord request) {
        return SpeedLabel.of(request.label()).map(SpeedLabel::point);
    }

    /**
     * Tokens of all streams per second over the time in which all of them decode: from the latest
     * first token to the earliest last one. Null when there is no such time.
     */
    @Nullable Double systemSpeed() {
        long from = Long.MIN_VALUE;
        long to = Long.MAX_VALUE;
        for (RequestRecord stream : streams) {
            if (stream.tokenNanos().size() < 2) {
                return null;
            }
            from = Math.max(from, stream.tokenNanos().getFirst());
            to = Math.min(to, stream.tokenNanos().getLast());
        }
        if (to <= from) {
            return null;
        }
        long begin = from;
        long end = to;
        long tokens =
                streams.stream()
                        .flatMap(stream -> stream.tokenNanos().stream())
                        .filter(nanos -> nanos > begin && nanos <= end)
                        .count();
        return tokens * NANOS_PER_S / (end - begin);
    }

    /** Tokens of all streams per second from the first sending to the last token. */
    @Nullable Double spanSpeed() {
        long sent = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        long tokens = 0;
        for (RequestRecord stream : streams) {
            if (stream.tokenNanos().isEmpty()) {
                return null;
            }
            sent = Math.min(sent, stream.sentNanos());
            last = Math.max(last, stream.tokenNanos().getLast());
            tokens += stream.tokenNanos().size();
        }
        return last <= sent ? null : tokens * NANOS_PER_S / (last - sent);
    }
}
