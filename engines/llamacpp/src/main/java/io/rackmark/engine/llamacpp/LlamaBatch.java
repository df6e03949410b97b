package io.rackmark.engine.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;

/** A reusable {@code llama_batch} in which every token belongs to one sequence. */
final class LlamaBatch {
    private final int capacity;
    private final MemorySegment struct;
    private final MemorySegment tokens; // int32 [capacity]
    private final MemorySegment positions; // int32 [capacity]
    private final MemorySegment sequences; // int32 [capacity], each pointed to by seq_id
    private final MemorySegment wantsLogits; // int8 [capacity]
    private int size;

    LlamaBatch(Arena arena, int capacity) {
        this.capacity = capacity;
        tokens = arena.allocate(JAVA_INT, capacity);
        positions = arena.allocate(JAVA_INT, capacity);
        sequences = arena.allocate(JAVA_INT, capacity);
        wantsLogits = arena.allocate(capacity);
        MemorySegment sequenceCounts = arena.allocate(JAVA_INT, capacity);
        MemorySegment sequencePointers = arena.allocate(ADDRESS, capacity);
        for (int i = 0; i < capacity; i++) {
            sequenceCounts.setAtIndex(JAVA_INT, i, 1);
            sequencePointers.setAtIndex(
                    ADDRESS, i, sequences.asSlice((long) i * Integer.BYTES, Integer.BYTES));
        }
        struct = arena.allocate(LlamaFunctions.BATCH);
        point("token", tokens);
        point("pos", positions);
        point("n_seq_id", sequenceCounts);
        point("seq_id", sequencePointers);
        point("logits", wantsLogits);
    }

    private void point(String field, MemorySegment target) {
        struct.set(
                ADDRESS, LlamaFunctions.BATCH.byteOffset(PathElement.groupElement(field)), target);
    }

    int capacity() {
        return capacity;
    }

    void clear() {
        size = 0;
    }

    void add(int token, int position, int sequence, boolean logits) {
        if (size == capacity) {
            throw new IllegalStateException("batch of " + capacity + " tokens is full");
        }
        tokens.setAtIndex(JAVA_INT, size, token);
        positions.setAtIndex(JAVA_INT, size, position);
        sequences.setAtIndex(JAVA_INT, size, sequence);
        wantsLogits.set(JAVA_BYTE, size, (byte) (logits ? 1 : 0));
        size++;
    }

    /** The struct to pass by value. */
    MemorySegment struct() {
        struct.set(JAVA_INT, 0, size);
        return struct;
    }
}
