package io.rackmark.engine.decoder;

import org.jspecify.annotations.Nullable;

/** A place in the KV cache and the sequence that has it. */
final class Slot {
    private final int index;
    private @Nullable Sequence sequence;

    Slot(int index) {
        this.index = index;
    }

    int index() {
        return index;
    }

    Sequence sequence() {
        if (sequence == null) {
            throw new IllegalStateException("slot " + index + " is free");
        }
        return sequence;
    }

    void take(Sequence next) {
        sequence = next;
    }

    Sequence leave() {
        Sequence left = sequence();
        sequence = null;
        return left;
    }
}
