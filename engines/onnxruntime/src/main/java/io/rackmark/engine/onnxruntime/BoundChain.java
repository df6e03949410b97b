package io.rackmark.engine.onnxruntime;

import static io.rackmark.engine.onnxruntime.GraphInterface.past;
import static io.rackmark.engine.onnxruntime.GraphInterface.present;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OrtException;
import io.rackmark.engine.onnxruntime.binding.ElementType;
import io.rackmark.engine.onnxruntime.binding.IoBinding;
import io.rackmark.engine.onnxruntime.binding.NativeSession;
import io.rackmark.engine.onnxruntime.binding.NativeValue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * As {@link ChainedSequences}, with a binding: every run has new keys and values allocated in the
 * device's memory, and they never leave it.
 */
final class BoundChain implements Sequences {
    private final GraphInterface graph;
    private final NativeSession session;
    private final IoBinding binding;
    private final NativeValue nothing; // [1, kvHeads, 0, headDim]
    private final List<List<NativeValue>> last = new ArrayList<>(); // [slots][2 * layers or none]
    private final int[] lengths; // [slots]

    BoundChain(GraphInterface graph, NativeSession session, int slots) throws OrtException {
        this.graph = graph;
        this.session = session;
        lengths = new int[slots];
        for (int i = 0; i < slots; i++) {
            last.add(List.of());
        }
        binding = session.binding();
        try {
            nothing =
                    session.empty(
                            BoundTypes.of(graph.cacheType()),
                            1,
                            graph.kvHeads(),
                            0,
                            graph.headDim());
        } catch (OrtException e) {
            binding.close();
            throw e;
        }
    }

    @Override
    public int length(int slot) {
        return lengths[slot];
    }

    @Override
    public void append(int slot, int[] tokens, float[] logits) throws OrtException {
        int before = lengths[slot];
        try (Arena arena = Arena.ofConfined();
                Inputs inputs = new Inputs(arena)) {
            inputs.bind(GraphInterface.INPUT_IDS, tokens.length, i -> tokens[i]);
            if (graph.takesPositions()) {
                inputs.bind(GraphInterface.POSITION_IDS, tokens.length, i -> before + i);
            }
            if (graph.takesMask()) {
                inputs.bind(GraphInterface.ATTENTION_MASK, before + tokens.length, _ -> 1);
            }
            bindCaches(last.get(slot));
            List<NativeValue> caches = run(arena, tokens.length, logits);
            reset(slot);
            last.set(slot, caches);
            lengths[slot] = before + tokens.length;
        }
    }

    private interface Numbers {
        long at(int index);
    }

    /** What one run takes beside keys and values. */
    private final class Inputs implements AutoCloseable {
        private final Arena arena;
        private final List<NativeValue> values = new ArrayList<>();

        Inputs(Arena arena) {
            this.arena = arena;
        }

        /** [1, length]. */
        void bind(String name, int length, Numbers numbers) throws OrtException {
            MemorySegment data = arena.allocate(JAVA_LONG, length);
            for (int i = 0; i < length; i++) {
                data.setAtIndex(JAVA_LONG, i, numbers.at(i));
            }
            NativeValue value = session.host(data, ElementType.INT64, 1, length);
            values.add(value);
            binding.input(name, value);
        }

        @Override
        public void close() {
            values.forEach(NativeValue::close);
        }
    }

    private void bindCaches(List<NativeValue> before) throws OrtException {
        for (int i = 0; i < graph.layers(); i++) {
            binding.input(past(i, true), before.isEmpty() ? nothing : before.get(2 * i));
            binding.input(past(i, false), before.isEmpty() ? nothing : before.get(2 * i + 1));
            session.outputOnDevice(binding, present(i, true));
            session.outputOnDevice(binding, present(i, false));
        }
    }

    /** Exports give the logits of every token, ours of the last one. */
    private List<NativeValue> run(Arena arena, int tokens, float[] logits) throws OrtException {
        int rows = graph.lastLogitsOnly() ? 1 : tokens;
        int size = graph.logitsType().size;
        long rowBytes = (long) graph.vocabulary() * size;
        MemorySegment data = arena.allocate(rows * rowBytes, Long.BYTES);
        try (NativeValue value =
                session.host(
                        data, BoundTypes.of(graph.logitsType()), 1, rows, graph.vocabulary())) {
            binding.output(GraphInterface.LOGITS, value);
            binding.run();
            if (logits.length > 0) {
                Elements.read(data.asSlice((rows - 1) * rowBytes), size, logits);
            }
            List<NativeValue> outputs = binding.outputs();
            outputs.get(2 * graph.layers()).close();
            return List.copyOf(outputs.subList(0, 2 * graph.layers()));
        }
    }

    @Override
    public void appendEach(int[] slots, int[] tokens, float[][] logits) throws OrtException {
        for (int i = 0; i < slots.length; i++) {
            append(slots[i], new int[] {tokens[i]}, logits[i]);
        }
    }

    @Override
    public void reset(int slot) {
        last.get(slot).forEach(NativeValue::close);
        last.set(slot, List.of());
        lengths[slot] = 0;
    }

    @Override
    public long cacheBytes() {
        return -1;
    }

    @Override
    public void close() {
        for (int slot = 0; slot < lengths.length; slot++) {
            reset(slot);
        }
        binding.close();
        nothing.close();
    }
}
