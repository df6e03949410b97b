package io.rackmark.engine.decoder;

import io.rackmark.engine.Fact;
import java.util.List;

/**
 * @param vocabulary length of a row of logits
 * @param contextTokens most tokens in one slot
 * @param slots sequences held at a time
 * @param prefillChunk most tokens the engine takes in one prefill call
 * @param kvCacheBytes allocated for all slots; -1 when the engine does not tell
 * @param facts more about the loaded model
 */
public record TokenModelShape(
        int vocabulary,
        int contextTokens,
        int slots,
        int prefillChunk,
        long kvCacheBytes,
        List<Fact> facts) {
    public TokenModelShape {
        facts = List.copyOf(facts);
    }
}
