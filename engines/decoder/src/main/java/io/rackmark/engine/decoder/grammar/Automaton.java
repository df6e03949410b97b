package io.rackmark.engine.decoder.grammar;

import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The automaton of one expression, built as it is walked. What it has learnt is kept within bounds
 * and learnt again when it was dropped. Not thread-safe, but for {@link #start()}: one thread walks
 * it, the scheduler's.
 */
final class Automaton {
    /** A state is about a kilobyte, and few answers meet a hundred. */
    private static final int MOST_STATES = 8192;

    /** A bit for each token of the vocabulary: up to 32 KB each. */
    private static final int MOST_MASKS = 256;

    /** What may still come. */
    static final class State {
        private final Expr rest;
        private final @Nullable State[] next = new @Nullable State[256];

        private State(Expr rest) {
            this.rest = rest;
        }

        /** Whether nothing that began like this is in the language. */
        boolean dead() {
            return rest == Expr.NONE;
        }

        /** Whether the text may end here. */
        boolean accepting() {
            return rest.nullable();
        }

        /** Whether it can only end here. */
        boolean over() {
            return rest == Expr.EMPTY;
        }
    }

    private final State start;
    private final Map<Expr, State> states = new HashMap<>();
    private final Map<State, BitSet> masks =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<State, BitSet> eldest) {
                    return size() > MOST_MASKS;
                }
            };

    Automaton(Expr language) {
        start = new State(language);
        states.put(language, start);
    }

    State start() {
        return start;
    }

    State step(State from, int octet) {
        State known = from.next[octet];
        if (known == null) {
            known = state(from.rest.step(octet));
            from.next[octet] = known;
        }
        return known;
    }

    /** The tokens that may come next, those that end the answer aside. Not to be changed. */
    BitSet allowed(State at, TokenIndex tokens) {
        BitSet known = masks.get(at);
        if (known == null) {
            known = tokens.allowed(this, at);
            masks.put(at, known);
        }
        return known;
    }

    private State state(Expr rest) {
        if (states.size() > MOST_STATES) {
            states.clear();
            masks.clear();
        }
        return states.computeIfAbsent(rest, State::new);
    }
}
