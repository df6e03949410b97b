package io.rackmark.engine;

import java.util.List;

/**
 * @param vocabulary tokens in the vocabulary
 * @param contextTokens KV-cache capacity per slot, in tokens
 * @param slots sequences decoded together
 * @param kvCacheBytes allocated for all slots; -1 when the engine does not tell
 * @param facts more about the loaded model, as named properties
 */
public record ModelFacts(
        int vocabulary, int contextTokens, int slots, long kvCacheBytes, List<Fact> facts) {
    public ModelFacts {
        facts = List.copyOf(facts);
    }
}
