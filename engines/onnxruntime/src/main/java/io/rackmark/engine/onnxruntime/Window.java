package io.rackmark.engine.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Inputs and outputs over some neighbouring rows, made once and run many times. */
abstract class Window implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment tokens; // int64 [rows, 1]
    private final MemorySegment lastPositions; // int32 [rows]
    private final MemorySegment longest; // int32 []

    /**
     * @param count rows from {@code first}
     * @param context tokens of one row
     */
    record Rows(int first, int count, int context) {}

    /** Memory by number: keys and values of the layers in turn, then the logits. */
    interface Memory {
        MemorySegment of(int index, Rows rows);
    }

    Window(Rows rows) {
        tokens = arena.allocate(JAVA_LONG, rows.count());
        lastPositions = arena.allocate(JAVA_INT, rows.count());
        longest = arena.allocate(JAVA_INT);
    }

    /** int64 [rows, 1], in main memory. */
    final MemorySegment tokens() {
        return tokens;
    }

    /** int32 [rows], in main memory. */
    final MemorySegment lastPositions() {
        return lastPositions;
    }

    /** int32 [], in main memory. */
    final MemorySegment longest() {
        return longest;
    }

    final void setToken(int row, int token) {
        tokens.setAtIndex(JAVA_LONG, row, token);
    }

    /** Position of the row's last token in the next run. */
    final void setLastPosition(int row, int position) {
        lastPositions.setAtIndex(JAVA_INT, row, position);
    }

    /** Tokens of the longest row after the next run. */
    final void setLongest(int length) {
        longest.set(JAVA_INT, 0, length);
    }

    /** One token per row, as set. */
    abstract void run() throws OrtException;

    /**
     * Several tokens for a window of one row.
     *
     * @param ids int64 [1, count]
     */
    abstract void run(MemorySegment ids, int count) throws OrtException;

    @Override
    public void close() {
        arena.close();
    }
}
