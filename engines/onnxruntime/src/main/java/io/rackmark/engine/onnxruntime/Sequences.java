package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtException;

/**
 * The keys and values of all slots between two runs of the graph. Arguments are checked by the
 * caller. For one thread. Owns native memory until closed.
 */
interface Sequences extends AutoCloseable {

    /** Tokens in a slot. */
    int length(int slot);

    /**
     * Appends tokens to one slot.
     *
     * @param logits receives those of the last token, [vocabulary]; empty when not wanted
     */
    void append(int slot, int[] tokens, float[] logits) throws OrtException;

    /**
     * Appends one token to each of several slots.
     *
     * @param logits receives [slots.length][vocabulary]
     */
    void appendEach(int[] slots, int[] tokens, float[][] logits) throws OrtException;

    /** Empties a slot. */
    void reset(int slot);

    /** Allocated for keys and values; -1 when they grow with the sequences. */
    long cacheBytes();

    @Override
    void close();
}
