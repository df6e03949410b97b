package io.rackmark.runner.report;

import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.RemoteTrace;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.Turn;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a system that runs elsewhere, besides the figures of all.
 *
 * @param answered completed requests of the text-to-SQL workload
 * @param attempts all its requests, refused and failed ones, too
 * @param ledgers its questions
 */
record RemoteFigures(
        List<RequestRecord> answered, List<RequestRecord> attempts, List<QuestionLedger> ledgers) {
    private static final double NANOS_PER_MS = 1e6;
    private static final double NANOS_PER_S = 1e9;

    List<Figure> all() {
        return List.of(
                millis("sql_ttfa", RemoteTrace::firstAnswerNanos),
                Samples.of(answered, RemoteFigures::withoutTrip, NANOS_PER_MS)
                        .median("sql_ttft_minus_rtt", "ms"),
                millis("round_trip", RemoteTrace::roundTripNanos),
                millis("dns", RemoteTrace::dnsNanos),
                millis("connect", RemoteTrace::connectNanos),
                millis("tls", RemoteTrace::tlsNanos),
                millis("response_headers", RemoteTrace::headersNanos),
                SqlFigures.proportion("ex_bag_clean", clean(), QuestionLedger::correctBag),
                count("refused_requests", turn -> turn.cost().refusals()),
                backoff(),
                paced(),
                cachedShare(),
                costPerQuery(),
                costPerCorrectAnswer());
    }

    /** Refused requests and the waits after them, all questions. */
    Figure backoff() {
        return total("backoff_time", QuestionLedger::backoffNanos);
    }

    /** Held back to keep to rate limits, all questions; in no latency. */
    Figure paced() {
        return total("paced_time", QuestionLedger::pacedNanos);
    }

    Figure costPerQuery() {
        return dollars("cost_per_query", ledgers.size(), "no question was answered");
    }

    Figure costPerCorrectAnswer() {
        return dollars("cost_per_correct_answer", correct(), "no answer was correct");
    }

    private Figure millis(String metric, Function<RemoteTrace, @Nullable Long> of) {
        return Samples.of(
                        answered,
                        request -> request.remote() == null ? null : of.apply(request.remote()),
                        NANOS_PER_MS)
                .median(metric, "ms");
    }

    private static @Nullable Long withoutTrip(RequestRecord request) {
        @Nullable RemoteTrace trace = request.remote();
        @Nullable Long ttft = SystemFigures.ttftNanos(request);
        @Nullable Long trip = trace == null ? null : trace.roundTripNanos();
        return ttft == null || trip == null ? null : ttft - trip;
    }

    /** Questions of which no request was refused. */
    private List<QuestionLedger> clean() {
        return ledgers.stream()
                .filter(ledger -> ledger.turns().stream().allMatch(t -> t.cost().refusals() == 0))
                .toList();
    }

    private int correct() {
        return (int) ledgers.stream().filter(l -> Boolean.TRUE.equals(l.correctBag())).count();
    }

    private Figure count(String metric, ToIntFunction<Turn> of) {
        if (ledgers.isEmpty()) {
            return missing(metric, "total", "requests", "not measured");
        }
        int sum = ledgers.stream().flatMap(l -> l.turns().stream()).mapToInt(of).sum();
        return value(metric, "total", "requests", sum, ledgers.size());
    }

    private Figure total(String metric, Function<QuestionLedger, @Nullable Long> of) {
        List<Long> nanos = ledgers.stream().map(of).filter(Objects::nonNull).toList();
        if (nanos.isEmpty()) {
            return missing(metric, "total", "s", "not measured");
        }
        double sum = nanos.stream().mapToLong(Long::longValue).sum();
        return value(metric, "total", "s", sum / NANOS_PER_S, nanos.size());
    }

    private Figure cachedShare() {
        String metric = "cached_prompt_tokens";
        long prompt = 0;
        long cached = 0;
        int n = 0;
        for (RequestRecord request : answered) {
            @Nullable RemoteTrace trace = request.remote();
            @Nullable Integer tokens = request.promptTokens();
            if (trace != null && tokens != null && trace.cachedTokens() != null) {
                prompt += tokens;
                cached += trace.cachedTokens();
                n++;
            }
        }
        return prompt == 0
                ? missing(metric, "proportion", "", "the endpoint does not tell")
                : value(metric, "proportion", "", (double) cached / prompt, n);
    }

    /**
     * All turns and failed attempts included; one request of unknown cost makes the sum unknown.
     */
    private Figure dollars(String metric, int per, String none) {
        double sum = 0;
        int known = 0;
        int unknown = 0;
        for (RequestRecord request : attempts) {
            @Nullable RemoteTrace trace = request.remote();
            @Nullable Double dollars = trace == null ? null : trace.dollars();
            if (dollars == null) {
                unknown++;
            } else {
                known++;
                sum += dollars;
            }
        }
        if (known == 0) {
            return missing(metric, "ratio", "USD", "the price or the tokens are unknown");
        }
        if (unknown > 0) {
            return missing(metric, "ratio", "USD", "some requests ended without a count of tokens");
        }
        if (per == 0) {
            return missing(metric, "ratio", "USD", none);
        }
        return value(metric, "ratio", "USD", sum / per, per);
    }

    private static Figure value(String metric, String statistic, String unit, double value, int n) {
        return new Figure(metric, statistic, unit, value, null, null, n, null);
    }

    private static Figure missing(String metric, String statistic, String unit, String reason) {
        return new Figure(metric, statistic, unit, null, null, null, 0, reason);
    }
}
