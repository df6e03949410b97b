package io.rackmark.engine.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One buffer of keys and one of values per layer, [rows, kvHeads, context, headDim], written in
 * place. A slot takes a row with its first token, the lowest that is free, so that the rows in use
 * lie close together: a step of several slots is one run over the rows from the lowest to the
 * highest. Rows between them that take no part get a token too, written behind their own ones,
 * where the next real token overwrites it before anything reads it.
 */
final class SharedSequences implements Sequences {
    private static final int NO_ROW = -1;
    private static final int MAX_WINDOWS = 64;
    private static final long ALIGNMENT = 64;

    private final GraphInterface graph;
    private final RowMemory memory;
    private final int context;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment[] caches; // [2 * layers], keys and values in turn
    private final long rowBytes; // of one cache
    private final MemorySegment logits; // [rows, vocabulary]
    private final int[] rowOf; // [slots]
    private final int[] lengths; // [rows]
    private final boolean[] taken; // [rows]
    private final Map<Long, Window> windows = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Takes ownership of the memory.
     *
     * @param context tokens of one slot
     */
    SharedSequences(GraphInterface graph, RowMemory memory, int slots, int context)
            throws OrtException {
        this.graph = graph;
        this.memory = memory;
        this.context = context;
        rowBytes = (long) graph.kvHeads() * context * graph.headDim() * graph.cacheType().size;
        caches = new MemorySegment[2 * graph.layers()];
        try {
            for (int i = 0; i < caches.length; i++) {
                caches[i] = memory.allocate(Math.multiplyExact(rowBytes, slots));
            }
            logits =
                    arena.allocate(
                            (long) slots * graph.vocabulary() * graph.logitsType().size, ALIGNMENT);
        } catch (Throwable e) {
            memory.close();
            arena.close();
            throw e;
        }
        rowOf = new int[slots];
        Arrays.fill(rowOf, NO_ROW);
        lengths = new int[slots];
        taken = new boolean[slots];
    }

    @Override
    public int length(int slot) {
        return rowOf[slot] == NO_ROW ? 0 : lengths[rowOf[slot]];
    }

    @Override
    public void append(int slot, int[] tokens, float[] wanted) throws OrtException {
        int row = row(slot);
        Window window = window(row, 1);
        int total = lengths[row] + tokens.length;
        window.setLastPosition(0, total - 1);
        window.setLongest(total);
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment ids = temporary.allocate(JAVA_LONG, tokens.length);
            for (int i = 0; i < tokens.length; i++) {
                ids.setAtIndex(JAVA_LONG, i, tokens[i]);
            }
            window.run(ids, tokens.length);
        }
        lengths[row] = total;
        if (wanted.length > 0) {
            read(0, wanted);
        }
    }

    @Override
    public void appendEach(int[] slots, int[] tokens, float[][] wanted) throws OrtException {
        int[] entries = new int[lengths.length]; // [rows], index into slots and one more; 0 is none
        int first = lengths.length;
        int end = 0;
        for (int i = 0; i < slots.length; i++) {
            int row = row(slots[i]);
            entries[row] = i + 1;
            first = Math.min(first, row);
            end = Math.max(end, row + 1);
        }
        int most = mostRows();
        for (int from = first; from < end; from += most) {
            step(from, Math.min(end, from + most), entries, tokens, wanted);
        }
    }

    /** Rows whose keys of one layer fit a tensor. */
    private int mostRows() {
        return Math.clamp(memory.mostTensorBytes() / rowBytes, 1, lengths.length);
    }

    private void step(int first, int end, int[] entries, int[] tokens, float[][] wanted)
            throws OrtException {
        Window window = window(first, end - first);
        int longest = 0;
        for (int row = first; row < end; row++) {
            int entry = entries[row] - 1;
            // A full row that takes no part loses its last token; nothing can be added to it
            // anyway.
            int position = Math.min(lengths[row], context - 1);
            window.setToken(row - first, entry < 0 ? 0 : tokens[entry]);
            window.setLastPosition(row - first, position);
            longest = Math.max(longest, position + 1);
        }
        window.setLongest(longest);
        window.run();
        for (int row = first; row < end; row++) {
            int entry = entries[row] - 1;
            if (entry >= 0) {
                lengths[row]++;
                read(row - first, wanted[entry]);
            }
        }
    }

    private int row(int slot) {
        if (rowOf[slot] == NO_ROW) {
            int row = 0;
            while (taken[row]) {
                row++;
            }
            taken[row] = true;
            rowOf[slot] = row;
            lengths[row] = 0;
        }
        return rowOf[slot];
    }

    private void read(int index, float[] target) {
        int size = graph.logitsType().size;
        Elements.read(
                logits.asSlice((long) index * target.length * size, (long) target.length * size),
                size,
                target);
    }

    private Window window(int first, int count) throws OrtException {
        long key = ((long) first << 32) | count;
        Window window = windows.get(key);
        if (window == null) {
            if (windows.size() >= MAX_WINDOWS) {
                long eldest = windows.keySet().iterator().next();
                windows.remove(eldest).close();
            }
            window = memory.window(new Window.Rows(first, count, context), this::cache);
            windows.put(key, window);
        }
        return window;
    }

    /** Part of the memory that a window covers. */
    private MemorySegment cache(int index, Window.Rows rows) {
        return index < caches.length
                ? caches[index].asSlice(rows.first() * rowBytes, rows.count() * rowBytes)
                : logits.asSlice(0, logits.byteSize() / lengths.length * rows.count());
    }

    @Override
    public void reset(int slot) {
        int row = rowOf[slot];
        if (row != NO_ROW) {
            taken[row] = false;
            lengths[row] = 0;
            rowOf[slot] = NO_ROW;
        }
    }

    @Override
    public long cacheBytes() {
        return (long) caches.length * rowBytes * lengths.length;
    }

    @Override
    public void close() {
        windows.values().forEach(Window::close);
        windows.clear();
        memory.close();
        arena.close();
    }
}
