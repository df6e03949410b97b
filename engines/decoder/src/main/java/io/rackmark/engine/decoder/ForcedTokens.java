package io.rackmark.engine.decoder;

import java.util.ArrayList;
import java.util.List;

/** Takes the tokens it was given whatever the logits say, and keeps the logits. */
final class ForcedTokens implements TokenChooser {
    private final List<Integer> tokens;
    private final List<float[]> rows = new ArrayList<>();

    ForcedTokens(List<Integer> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    @Override
    public int next(float[] logits) {
        rows.add(logits.clone());
        // The token after the last logits is chosen but never computed.
        return rows.size() <= tokens.size() ? tokens.get(rows.size() - 1) : 0;
    }

    /** [1 + tokens][vocabulary] once all are taken. */
    float[][] rows() {
        return rows.toArray(float[][]::new);
    }
}
