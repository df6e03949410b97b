package io.rackmark.runner.report;

import io.rackmark.runner.cost.BreakEven;
import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.cost.Span;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.QuestionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the answers of one system cost: an endpoint's by its prices, those of this box by what the
 * box costs while it is busy with them.
 *
 * @param system id
 * @param here whether it ran on this box
 * @param secondsPerQuery from question to answer, mean; null when no question was asked
 * @param perQuery null when unknown
 * @param perCorrectAnswer null when unknown or when none was correct
 * @param currency of both
 * @param reason why a cost is null; null when none is
 */
public record SystemCost(
        String system,
        boolean here,
        @Nullable Double secondsPerQuery,
        @Nullable Span perQuery,
        @Nullable Span perCorrectAnswer,
        String currency,
        @Nullable String reason) {
    private static final double NANOS_PER_S = 1e9;

    /**
     * From which volume on a system of this box costs less than an endpoint.
     *
     * @param here id of the system of this box
     * @param endpoint id of the other
     */
    public record Volume(String here, String endpoint, BreakEven breakEven) {}

    /**
     * @param box what the box costs; null when nobody said
     */
    public static List<SystemCost> of(
            List<SystemSummary> systems, List<QuestionRecord> questions, @Nullable CostInputs box) {
        return systems.stream().map(system -> of(system, questions, box)).toList();
    }

    private static SystemCost of(
            SystemSummary summary, List<QuestionRecord> questions, @Nullable CostInputs box) {
        String id = summary.system().id();
        OptionalDouble seconds =
                questions.stream()
                        .filter(q -> q.cell().system().equals(id))
                        .filter(q -> q.cell().workload().equals("sql"))
                        .mapToDouble(q -> q.ledger().totalNanos() / NANOS_PER_S)
                        .average();
        if (!ranHere(summary)) {
            return ofEndpoint(summary, seconds);
        }
        if (box == null || seconds.isEmpty()) {
            return new SystemCost(
                    id,
                    true,
                    boxed(seconds),
                    null,
                    null,
                    box == null ? CostInputs.USD : box.currency(),
                    box == null
                            ? "the cost of the box is not given (--capex, --watts, --kwh)"
                            : "no question was asked");
        }
        Optional<Double> perCorrect = value(summary.figure("seconds_per_correct_answer", "ratio"));
        return new SystemCost(
                id,
                true,
                boxed(seconds),
                box.costOf(seconds.getAsDouble()),
                perCorrect.map(box::costOf).orElse(null),
                box.currency(),
                perCorrect.isPresent() ? null : "no answer was correct");
    }

    private static SystemCost ofEndpoint(SystemSummary summary, OptionalDouble seconds) {
        Optional<Figure> perQuery = summary.figure("cost_per_query", "ratio");
        Optional<Figure> perCorrect = summary.figure("cost_per_correct_answer", "ratio");
        return new SystemCost(
                summary.system().id(),
                false,
                boxed(seconds),
                value(perQuery).map(Span::of).orElse(null),
                value(perCorrect).map(Span::of).orElse(null),
                CostInputs.USD,
                perQuery.map(Figure::reason).or(() -> perCorrect.map(Figure::reason)).orElse(null));
    }

    /** A managed server is asked like an endpoint, but its start was seen: it is of this box. */
    static boolean ranHere(SystemSummary summary) {
        return !summary.system().remote()
                || value(summary.figure("cold_start", "mean")).isPresent();
    }

    /** Every system of this box with every endpoint, where both costs are known in one currency. */
    public static List<Volume> volumes(List<SystemCost> costs, @Nullable CostInputs box) {
        List<Volume> volumes = new ArrayList<>();
        for (SystemCost mine : costs) {
            for (SystemCost other : costs) {
                @Nullable Double seconds = mine.secondsPerQuery;
                @Nullable Span bill = other.perQuery;
                boolean pair = mine.here && !other.here && mine.currency.equals(other.currency);
                if (pair && box != null && seconds != null && bill != null && bill.low() > 0) {
                    volumes.add(
                            new Volume(
                                    mine.system,
                                    other.system,
                                    BreakEven.of(box, seconds, bill.low())));
                }
            }
        }
        return volumes;
    }

    private static Optional<Double> value(Optional<Figure> figure) {
        Function<Figure, Optional<Double>> value = f -> Optional.ofNullable(f.value());
        return figure.flatMap(value);
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? (Double) value.getAsDouble() : null;
    }
}
