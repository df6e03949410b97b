package io.rackmark.runner.workload;

import io.rackmark.engine.worker.Generated;
import io.rackmark.runner.measure.CellSession;
import io.rackmark.runner.plan.SpeedPlan;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.RequestRecord.Phase;
import io.rackmark.runner.result.SpeedCase;
import io.rackmark.runner.result.SpeedLabel;
import io.rackmark.runner.stats.Steadiness;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Real text of exact token lengths in, fixed numbers of tokens out: every case of the plan, round
 * by round. The first request after load and the warm-ups are kept but do not count.
 */
public final class SpeedWorkload implements Workload {
    private final SpeedPlan plan;

    public SpeedWorkload(SpeedPlan plan) {
        this.plan = plan;
    }

    @Override
    public String id() {
        return "speed";
    }

    @Override
    public int steps() {
        int streams = plan.cases().stream().mapToInt(SpeedCase::streams).sum();
        return 1 + plan.warmUps() + plan.requests() * streams;
    }

    @Override
    public void run(CellSession session) {
        SpeedPrompt prompt = SpeedPrompt.of(session);
        warmUp(session, prompt);
        for (int round = 1; round <= plan.requests(); round++) {
            for (SpeedCase point : plan.cases()) {
                round(session, prompt, point, round);
            }
        }
    }

    private void warmUp(CellSession session, SpeedPrompt prompt) {
        SpeedCase base = plan.baseCase();
        List<Double> nanosPerToken = new ArrayList<>();
        for (int i = 0; i <= plan.warmUps() && !steady(nanosPerToken); i++) {
            Generated done =
                    session.generate(
                            i == 0 ? "first" : "warm-up-" + i,
                            i == 0 ? Phase.FIRST : Phase.WARM_UP,
                            prompt.request(base, 1));
            @Nullable Double perToken = nanosPerToken(done.tokenNanos());
            if (perToken != null) {
                nanosPerToken.add(perToken);
            }
        }
        if (plan.steadyPercent() > 0 && plan.warmUps() >= Steadiness.WINDOW - 1) {
            note(session, nanosPerToken);
        }
    }

    private boolean steady(List<Double> nanosPerToken) {
        return plan.steadyPercent() > 0 && spread(nanosPerToken) <= plan.steadyPercent();
    }

    private void note(CellSession session, List<Double> nanosPerToken) {
        boolean steady = steady(nanosPerToken);
        session.fact("warm-up requests", String.valueOf(nanosPerToken.size() - 1));
        session.fact("steady", String.valueOf(steady));
        if (!steady) {
            session.flag(
                    new Flag(
                            Flag.Kind.NOT_STEADY,
                            "%s did not become steady: after %d warm-ups its last %d times per token still differed by %.0f %%, over %d; quiet the machine or raise --warm-ups."
                                    .formatted(
                                            session.key().system(),
                                            plan.warmUps(),
                                            Steadiness.WINDOW,
                                            spread(nanosPerToken),
                                            plan.steadyPercent())));
        }
    }

    private static double spread(List<Double> nanosPerToken) {
        return Steadiness.spreadPercent(
                nanosPerToken.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static @Nullable Double nanosPerToken(long[] tokenNanos) {
        int last = tokenNanos.length - 1;
        return last < 1 ? null : (double) (tokenNanos[last] - tokenNanos[0]) / last;
    }

    /** A round counts as a whole: when one of its streams is missing, all are sent again. */
    private void round(CellSession session, SpeedPrompt prompt, SpeedCase point, int round) {
        List<CellSession.Named> streams =
                IntStream.rangeClosed(1, point.streams())
                        .mapToObj(
                                stream ->
                                        new CellSession.Named(
                                                new SpeedLabel(point, round, stream).toString(),
                                                prompt.request(point, stream)))
                        .toList();
        if (!streams.stream().allMatch(stream -> session.has(stream.label()))) {
            session.generateTogether(Phase.MEASURED, streams);
        }
    }
}
