package io.rackmark.engine.decoder;

import java.util.function.BooleanSupplier;

/**
 * The mathematics of one loaded model: token ids in, logits out. Called from one thread only, the
 * scheduler's; every slot holds one sequence in the KV cache. Owns native memory until closed.
 */
public interface TokenModel extends AutoCloseable {

    TokenModelShape shape();

    /**
     * Appends tokens to a slot's sequence and computes the logits after the last of them. May be
     * called several times for one prompt.
     *
     * @param slot 0 ≤ slot &lt; slots
     * @param tokens at least one id, each in [0, vocabulary)
     * @param last whether logits are wanted: the prompt ends with these tokens
     * @param cancelled polled where the engine can stop early; the slot is then reset by the caller
     * @return logits [vocabulary], valid until the next call on this model; empty if not wanted or
     *     cancelled
     */
    float[] prefill(int slot, int[] tokens, boolean last, BooleanSupplier cancelled);

    /**
     * Appends one token to each of several slots and computes their next logits together.
     *
     * @param slots distinct slots, [n]
     * @param tokens one id per slot, [n]
     * @return logits [n][vocabulary], valid until the next call on this model
     */
    float[][] decode(int[] slots, int[] tokens);

    /** Empties a slot's sequence. */
    void reset(int slot);

    @Override
    void close();
}
