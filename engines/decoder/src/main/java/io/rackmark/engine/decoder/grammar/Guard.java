package io.rackmark.engine.decoder.grammar;

import io.rackmark.engine.EngineException;
import java.util.BitSet;

/** Where one answer stands in its grammar. Used by the scheduler's thread alone. */
public final class Guard {
    private final Automaton automaton;
    private final TokenIndex tokens;
    private Automaton.State at;

    Guard(Automaton automaton, TokenIndex tokens) {
        this.automaton = automaton;
        this.tokens = tokens;
        this.at = automaton.start();
    }

    /** Whether this token may come next; far cheaper than {@link #mask}. */
    public boolean allows(int token) {
        if (tokens.ends(token)) {
            return at.accepting();
        }
        return tokens.bytes(token).length > 0 && !after(token).dead();
    }

    /**
     * Moves past a token.
     *
     * @param token one that is allowed
     */
    public void take(int token) {
        if (!tokens.ends(token)) {
            at = after(token);
        }
    }

    /** Whether nothing may follow but the end. */
    public boolean over() {
        return at.over();
    }

    /**
     * Copies the logits of the tokens that may come next; all others become negative infinity.
     *
     * @param logits [vocabulary]
     * @param masked [vocabulary]
     * @throws EngineException of kind {@code BAD_MODEL} when no token of the vocabulary may come
     */
    public void mask(float[] logits, float[] masked) {
        BitSet allowed = automaton.allowed(at, tokens);
        boolean accepting = at.accepting();
        if (allowed.isEmpty() && !accepting) {
            throw new EngineException(
                    EngineException.Kind.BAD_MODEL,
                    "no token of the model's vocabulary can continue the asked format here:"
                            + " ask for a free answer");
        }
        for (int i = 0; i < logits.length; i++) {
            boolean may = allowed.get(i) || (accepting && tokens.ends(i));
            masked[i] = may ? logits[i] : Float.NEGATIVE_INFINITY;
        }
    }

    private Automaton.State after(int token) {
        Automaton.State state = at;
        for (byte octet : tokens.bytes(token)) {
            state = automaton.step(state, octet & 0xFF);
        }
        return state;
    }
}
