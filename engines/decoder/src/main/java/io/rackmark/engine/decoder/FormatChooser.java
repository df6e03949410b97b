package io.rackmark.engine.decoder;

import io.rackmark.engine.decoder.grammar.Guard;

/** Chooses as the sampler does, among the tokens that keep the answer to its format. */
final class FormatChooser implements TokenChooser {
    private final Sampler sampler;
    private final Guard guard;
    private float[] masked = {}; // [vocabulary]

    FormatChooser(Sampler sampler, Guard guard) {
        this.sampler = sampler;
        this.guard = guard;
    }

    @Override
    public int next(float[] logits) {
        int token = choose(logits);
        guard.take(token);
        return token;
    }

    private int choose(float[] logits) {
        if (sampler.greedy()) {
            // The best of all is the best of those allowed, if it is one of them: no mask needed.
            int best = sampler.next(logits);
            if (guard.allows(best)) {
                return best;
            }
        }
        if (masked.length != logits.length) {
            masked = new float[logits.length];
        }
        guard.mask(logits, masked);
        return sampler.next(masked);
    }

    @Override
    public boolean ended() {
        return guard.over();
    }
}
