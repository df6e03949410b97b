package io.rackmark.runner.workload;

import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import io.rackmark.runner.measure.CellSession;
import io.rackmark.runner.plan.SpeedPlan;
import io.rackmark.runner.result.RequestRecord.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Real text of an exact token length in, a fixed number of tokens out, one stream. The first
 * request after load and the warm-ups are kept but do not count.
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
        return 1 + plan.warmUps() + plan.requests();
    }

    @Override
    public void run(CellSession session) {
        List<Integer> ids = prompt(session);
        session.generate("first", Phase.FIRST, request(ids));
        for (int i = 1; i <= plan.warmUps(); i++) {
            session.generate("warm-up-" + i, Phase.WARM_UP, request(ids));
        }
        for (int i = 1; i <= plan.requests(); i++) {
            String label = "pp%d-tg%d-%d".formatted(plan.promptTokens(), plan.outputTokens(), i);
            if (!session.has(label)) {
                session.generate(label, Phase.MEASURED, request(ids));
            }
        }
    }

    private GenerationRequest request(List<Integer> ids) {
        return new GenerationRequest(
                new Prompt.Tokens(ids), Sampling.GREEDY, plan.outputTokens(), List.of(), true);
    }

    /** The first tokens of the text, repeated as often as it takes. */
    private List<Integer> prompt(CellSession session) {
        List<Integer> text = session.tokens(new Prompt.Text(text()));
        List<Integer> ids = new ArrayList<>(plan.promptTokens());
        for (int i = 0; i < plan.promptTokens(); i++) {
            ids.add(text.get(i % text.size()));
        }
        return ids;
    }

    /** The text that every system is given. */
    public static String text() {
        try (InputStream in = SpeedWorkload.class.getResourceAsStream("speed-prompt.txt")) {
            return new String(
                    Objects.requireNonNull(in, "speed-prompt.txt").readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
