package io.rackmark.engine.decoder.grammar;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The tokens of a vocabulary sorted by their bytes, so that what several begin with is looked at
 * once: a trie without nodes. Immutable.
 */
final class TokenIndex {
    private final IntFunction<byte[]> bytes;
    private final IntPredicate ends;
    private final int[] ids; // [tokens], sorted by bytes
    private final int[] shared; // [tokens], leading bytes shared with the token before
    private final int longest;

    /**
     * @param vocabulary ids are below
     * @param bytes what a token adds to a text; none for special and unknown tokens
     * @param ends the ids that end an answer
     */
    TokenIndex(int vocabulary, IntFunction<byte[]> bytes, IntPredicate ends) {
        this.bytes = bytes;
        this.ends = ends;
        this.ids =
                IntStream.range(0, vocabulary)
                        .filter(id -> bytes.apply(id).length > 0 && !ends.test(id))
                        .boxed()
                        .sorted((a, b) -> Arrays.compareUnsigned(bytes.apply(a), bytes.apply(b)))
                        .mapToInt(Integer::intValue)
                        .toArray();
        this.shared = new int[ids.length];
        int most = 0;
        for (int i = 0; i < ids.length; i++) {
            byte[] own = bytes.apply(ids[i]);
            most = Math.max(most, own.length);
            if (i > 0) {
                int differ = Arrays.mismatch(bytes.apply(ids[i - 1]), own);
                shared[i] = differ < 0 ? own.length : differ;
            }
        }
        this.longest = most;
    }

    byte[] bytes(int token) {
        return bytes.apply(token);
    }

    boolean ends(int token) {
        return ends.test(token);
    }

    /** The tokens whose bytes lead from a state to a live one. */
    BitSet allowed(Automaton automaton, Automaton.State from) {
        BitSet allowed = new BitSet();
        Automaton.State[] path = new Automaton.State[longest + 1]; // after so many bytes
        path[0] = from;
        int alive = 0; // bytes of the latest token that the path covers
        for (int i = 0; i < ids.length; i++) {
            if (shared[i] > alive) {
                continue; // it begins as one that was refused
            }
            byte[] token = bytes.apply(ids[i]);
            int at = shared[i];
            while (at < token.length) {
                Automaton.State next = automaton.step(path[at], token[at] & 0xFF);
                if (next.dead()) {
                    break;
                }
                path[++at] = next;
            }
            alive = at;
            if (at == token.length) {
                allowed.set(ids[i]);
            }
        }
        return allowed;
    }
}
