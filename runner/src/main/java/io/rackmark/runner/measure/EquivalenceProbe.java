package io.rackmark.runner.measure;

import io.rackmark.engine.Precision;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.worker.WorkerProcess;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds engines against the exact logits of their checkpoint, on a short text: some of its tokens
 * are given as a prompt, the rest one by one, so that prefill and decoding are both compared.
 */
public final class EquivalenceProbe {
    private static final String TEXT =
            "Which five customers spent the most in 2024? SELECT c.LastName, SUM(i.Total) FROM"
                    + " Customer c JOIN Invoice i ON i.CustomerId = c.CustomerId GROUP BY"
                    + " c.CustomerId ORDER BY 2 DESC LIMIT 5; the answer has two columns.";
    private static final int PROMPT_TOKENS = 32;
    private static final int CONTINUATION_TOKENS = 16;

    private final Exact exact;
    private @Nullable List<Integer> tokens;
    private float @Nullable [][] logits; // [1 + continuation][vocabulary]

    /** The exact logits of a checkpoint. */
    @FunctionalInterface
    public interface Exact {
        /** Logits after each of the last {@code rows} tokens: [rows][vocabulary]. */
        float[][] logits(List<Integer> tokens, int rows);
    }

    public EquivalenceProbe(Exact exact) {
        this.exact = exact;
    }

    /**
     * Compares a loaded model; empty when its engine gives no logits.
     *
     * @throws io.rackmark.engine.worker.WorkerException when the worker fails
     */
    public synchronized Optional<Equivalence> check(WorkerProcess worker, Precision precision) {
        List<Integer> found = worker.tokens(new Prompt.Text(TEXT));
        if (tokens == null) {
            tokens = found.subList(0, Math.min(found.size(), PROMPT_TOKENS + CONTINUATION_TOKENS));
        }
        List<Integer> probe = tokens;
        boolean same = found.subList(0, Math.min(found.size(), probe.size())).equals(probe);
        int prompt = Math.min(PROMPT_TOKENS, probe.size() - 1);
        return worker.logits(probe.subList(0, prompt), probe.subList(prompt, probe.size()))
                .map(rows -> Equivalence.of(rows, exactly(probe, rows.length), same, precision));
    }

    private float[][] exactly(List<Integer> probe, int rows) {
        if (logits == null) {
            logits = exact.logits(probe, rows);
        }
        return logits;
    }
}
