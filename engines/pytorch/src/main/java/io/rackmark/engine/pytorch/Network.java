package io.rackmark.engine.pytorch;

import org.jspecify.annotations.Nullable;

/**
 * The computation of one model with its weights and caches. Arguments are checked by the caller.
 * For one thread, but for {@link #close}.
 */
interface Network extends AutoCloseable {

    /**
     * Appends tokens to a slot.
     *
     * @param start tokens already in the slot
     * @param ids [n], n ≥ 1
     * @param logits [vocabulary], filled with those after the last token; null when they are not
     *     wanted
     */
    void prefill(int slot, int start, int[] ids, float @Nullable [] logits);

    /**
     * Appends one token to each of several slots.
     *
     * @param slots distinct, [n]
     * @param starts tokens already in each slot, [n]
     * @param ids [n]
     * @param logits at least n rows of [vocabulary], filled in that order
     */
    void decode(int[] slots, int[] starts, int[] ids, float[][] logits);

    /** Frees weights and caches. */
    @Override
    void close();
}
