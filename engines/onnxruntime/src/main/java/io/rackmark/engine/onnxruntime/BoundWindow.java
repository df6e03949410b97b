package io.rackmark.engine.onnxruntime;

import static io.rackmark.engine.onnxruntime.GraphInterface.past;
import static io.rackmark.engine.onnxruntime.GraphInterface.present;

import ai.onnxruntime.OrtException;
import io.rackmark.engine.onnxruntime.binding.ElementType;
import io.rackmark.engine.onnxruntime.binding.IoBinding;
import io.rackmark.engine.onnxruntime.binding.NativeSession;
import io.rackmark.engine.onnxruntime.binding.NativeValue;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * By a binding: keys and values are bound once, as inputs and outputs alike; token ids and
 * positions are bound before every run, because a binding copies them to its device at that moment.
 */
final class BoundWindow extends Window {
    private final NativeSession session;
    private final IoBinding binding;
    private final List<NativeValue> owned = new ArrayList<>();
    private final NativeValue oneTokenEach;
    private final NativeValue positions;
    private final NativeValue total;

    BoundWindow(GraphInterface graph, NativeSession session, Rows rows, Memory memory)
            throws OrtException {
        super(rows);
        this.session = session;
        binding = session.binding();
        try {
            oneTokenEach = own(session.host(tokens(), ElementType.INT64, rows.count(), 1));
            positions = own(session.host(lastPositions(), ElementType.INT32, rows.count()));
            total = own(session.host(longest(), ElementType.INT32));
            bindCaches(graph, rows, memory);
            binding.output(
                    GraphInterface.LOGITS,
                    own(
                            session.host(
                                    memory.of(2 * graph.layers(), rows),
                                    BoundTypes.of(graph.logitsType()),
                                    rows.count(),
                                    1,
                                    graph.vocabulary())));
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private void bindCaches(GraphInterface graph, Rows rows, Memory memory) throws OrtException {
        for (int i = 0; i < graph.layers(); i++) {
            for (boolean key : new boolean[] {true, false}) {
                NativeValue cache =
                        own(
                                session.device(
                                        memory.of(2 * i + (key ? 0 : 1), rows),
                                        BoundTypes.of(graph.cacheType()),
                                        rows.count(),
                                        graph.kvHeads(),
                                        rows.context(),
                                        graph.headDim()));
                binding.input(past(i, key), cache);
                binding.output(present(i, key), cache);
            }
        }
    }

    private NativeValue own(NativeValue value) {
        owned.add(value);
        return value;
    }

    @Override
    void run() throws OrtException {
        run(oneTokenEach);
    }

    @Override
    void run(MemorySegment ids, int count) throws OrtException {
        try (NativeValue value = session.host(ids, ElementType.INT64, 1, count)) {
            run(value);
        }
    }

    private void run(NativeValue ids) throws OrtException {
        binding.input(GraphInterface.INPUT_IDS, ids);
        binding.input(GraphInterface.LAST_POSITIONS, positions);
        binding.input(GraphInterface.TOTAL, total);
        binding.run();
    }

    @Override
    public void close() {
        binding.close();
        owned.forEach(NativeValue::close);
        owned.clear();
        super.close();
    }
}
