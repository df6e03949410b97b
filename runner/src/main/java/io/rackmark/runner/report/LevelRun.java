package io.rackmark.runner.report;

import io.rackmark.runner.result.AgentLabel;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One level of concurrency as one process measured it.
 *
 * @param users at a time
 * @param questions answered ones, whatever the answer was
 * @param requests that count, refused and failed ones, too
 */
record LevelRun(int users, List<QuestionLedger> questions, List<RequestRecord> requests) {
    private static final double NANOS_PER_S = 1e9;

    private record Key(CellKey cell, int users, int attempt) {}

    /**
     * The levels of each cell, the smallest first. Of a level that was begun several times only one
     * counts: the last of those that came furthest.
     */
    static List<LevelRun> of(List<RequestRecord> requests, List<QuestionRecord> questions) {
        Map<Key, List<QuestionLedger>> attempts = new LinkedHashMap<>();
        for (QuestionRecord question : questions) {
            Optional.of(question.ledger().questionId())
                    .filter(_ -> underLoad(question.cell()))
                    .flatMap(AgentLabel::of)
                    .ifPresent(
                            label ->
                                    attempts.computeIfAbsent(
                                                    key(question.cell(), label),
                                                    _ -> new ArrayList<>())
                                            .add(question.ledger()));
        }
        Map<Key, List<RequestRecord>> sent =
                requests.stream()
                        .filter(r -> r.phase() == RequestRecord.Phase.MEASURED)
                        .filter(r -> underLoad(r.cell()))
                        .filter(r -> AgentLabel.ofRequest(r.label()).isPresent())
                        .collect(
                                Collectors.groupingBy(
                                        r ->
                                                key(
                                                        r.cell(),
                                                        AgentLabel.ofRequest(r.label())
                                                                .orElseThrow())));
        return attempts.entrySet().stream()
                .collect(
                        Collectors.groupingBy(
                                e -> new Key(e.getKey().cell(), e.getKey().users(), 0),
                                LinkedHashMap::new,
                                Collectors.maxBy(
                                        Comparator.comparingInt(
                                                        (Map.Entry<Key, List<QuestionLedger>> e) ->
                                                                e.getValue().size())
                                                .thenComparingInt(e -> e.getKey().attempt()))))
                .values()
                .stream()
                .flatMap(Optional::stream)
                .map(
                        e ->
                                new LevelRun(
                                        e.getKey().users(),
                                        e.getValue(),
                                        sent.getOrDefault(e.getKey(), List.of())))
                .sorted(Comparator.comparingInt(LevelRun::users))
                .toList();
    }

    private static boolean underLoad(CellKey cell) {
        return cell.workload().equals("agent");
    }

    private static Key key(CellKey cell, AgentLabel label) {
        return new Key(cell, label.users(), label.attempt());
    }

    /** Two monotonic stamps, the first before the second. */
    record Window(long fromNanos, long toNanos) {
        double seconds() {
            return (toNanos - fromNanos) / NANOS_PER_S;
        }

        boolean holds(long nanos) {
            return nanos > fromNanos && nanos <= toNanos;
        }
    }

    /**
     * From when the last user has got a first question to when the first finds no more: all users
     * are busy. Null when there is no such time.
     */
    @Nullable Window steady() {
        List<Long> starts = stamps(QuestionLedger::startedNanos);
        List<Long> ends = stamps(QuestionLedger::endedNanos);
        if (starts.size() < users || starts.size() != questions.size()) {
            return null;
        }
        return window(starts.get(users - 1), ends.get(ends.size() - users));
    }

    /** From the first question to the last answer. */
    @Nullable Window span() {
        List<Long> starts = stamps(QuestionLedger::startedNanos);
        List<Long> ends = stamps(QuestionLedger::endedNanos);
        return starts.isEmpty() ? null : window(starts.getFirst(), ends.getLast());
    }

    private static @Nullable Window window(long from, long to) {
        return to > from ? new Window(from, to) : null;
    }

    private List<Long> stamps(Function<QuestionLedger, @Nullable Long> of) {
        return questions.stream().map(of).filter(Objects::nonNull).sorted().toList();
    }

    /** Answers that were ready in the window. */
    long answers(Window window) {
        return questions.stream().filter(ledger -> readyIn(ledger, window)).count();
    }

    /** Right ones among them. */
    long correct(Window window) {
        return questions.stream()
                .filter(ledger -> Boolean.TRUE.equals(ledger.correctBag()))
                .filter(ledger -> readyIn(ledger, window))
                .count();
    }

    private static boolean readyIn(QuestionLedger ledger, Window window) {
        @Nullable Long ended = ledger.endedNanos();
        return ended != null && window.holds(ended);
    }

    /**
     * Output tokens in the window. The tokens of a request are spread over its events, one each in
     * process. Null when an endpoint did not count.
     */
    @Nullable Double tokens(Window window) {
        double tokens = 0;
        for (RequestRecord request : requests) {
            @Nullable Integer output = request.outputTokens();
            List<Long> events = request.tokenNanos();
            if (request.state() == RequestRecord.State.COMPLETED && !events.isEmpty()) {
                if (output == null) {
                    return null;
                }
                tokens +=
                        (double) output
                                * events.stream().filter(window::holds).count()
                                / events.size();
            }
        }
        return tokens;
    }
}
