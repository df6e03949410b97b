package io.rackmark.engine.onnxruntime;

import static io.rackmark.engine.onnxruntime.GraphInterface.past;
import static io.rackmark.engine.onnxruntime.GraphInterface.present;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Inputs and outputs over some neighbouring rows, made once and run many times. */
final class RowWindow implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment tokens; // int64 [rows, 1]
    private final MemorySegment lastPositions; // int32 [rows]
    private final MemorySegment longest; // int32 []
    private final List<OnnxTensor> owned = new ArrayList<>();
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();
    private final OnnxTensor oneTokenEach;

    /**
     * @param count rows from {@code first}
     * @param context tokens of one row
     */
    record Rows(int first, int count, int context) {}

    /** Memory by number: keys and values of the layers in turn, then the logits. */
    interface Memory {
        MemorySegment of(int index, Rows rows);
    }

    RowWindow(OrtModel model, Rows rows, Memory memory) throws OrtException {
        environment = model.environment();
        session = model.session();
        tokens = arena.allocate(JAVA_LONG, rows.count());
        lastPositions = arena.allocate(JAVA_INT, rows.count());
        longest = arena.allocate(JAVA_INT);
        try {
            oneTokenEach = own(tokens, OnnxJavaType.INT64, rows.count(), 1);
            inputs.put(
                    GraphInterface.LAST_POSITIONS,
                    own(lastPositions, OnnxJavaType.INT32, rows.count()));
            inputs.put(GraphInterface.TOTAL, own(longest, OnnxJavaType.INT32));
            bindCaches(model.graph(), rows, memory);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private void bindCaches(GraphInterface graph, Rows rows, Memory memory) throws OrtException {
        for (int i = 0; i < graph.layers(); i++) {
            for (boolean key : new boolean[] {true, false}) {
                OnnxTensor cache =
                        own(
                                memory.of(2 * i + (key ? 0 : 1), rows),
                                graph.cacheType(),
                                rows.count(),
                                graph.kvHeads(),
                                rows.context(),
                                graph.headDim());
                inputs.put(past(i, key), cache);
                outputs.put(present(i, key), cache);
            }
        }
        outputs.put(
                GraphInterface.LOGITS,
                own(
                        memory.of(2 * graph.layers(), rows),
                        graph.logitsType(),
                        rows.count(),
                        1,
                        graph.vocabulary()));
    }

    private OnnxTensor own(MemorySegment memory, OnnxJavaType type, long... shape)
            throws OrtException {
        OnnxTensor tensor = tensor(memory, type, shape);
        owned.add(tensor);
        return tensor;
    }

    private OnnxTensor tensor(MemorySegment memory, OnnxJavaType type, long... shape)
            throws OrtException {
        ByteBuffer buffer = memory.asByteBuffer().order(ByteOrder.nativeOrder());
        return OnnxTensor.createTensor(environment, buffer, shape, type);
    }

    void setToken(int row, int token) {
        tokens.setAtIndex(JAVA_LONG, row, token);
    }

    /** Position of the row's last token in the next run. */
    void setLastPosition(int row, int position) {
        lastPositions.setAtIndex(JAVA_INT, row, position);
    }

    /** Tokens of the longest row after the next run. */
    void setLongest(int length) {
        longest.set(JAVA_INT, 0, length);
    }

    /**
     * Tokens for a window of one row, to be closed by the caller.
     *
     * @param memory int64 [1, count]
     */
    OnnxTensor ids(MemorySegment memory, int count) throws OrtException {
        return tensor(memory, OnnxJavaType.INT64, 1, count);
    }

    /** One token per row, as set. */
    void run() throws OrtException {
        run(oneTokenEach);
    }

    void run(OnnxTensor ids) throws OrtException {
        inputs.put(GraphInterface.INPUT_IDS, ids);
        // What is pinned stays ours; closing the result frees only its handle.
        session.run(inputs, Set.of(), outputs).close();
    }

    @Override
    public void close() {
        owned.forEach(OnnxTensor::close);
        owned.clear();
        arena.close();
    }
}
