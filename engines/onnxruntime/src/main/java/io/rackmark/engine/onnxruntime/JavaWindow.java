package io.rackmark.engine.onnxruntime;

import static io.rackmark.engine.onnxruntime.GraphInterface.past;
import static io.rackmark.engine.onnxruntime.GraphInterface.present;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** By the Java API, with pinned outputs. */
final class JavaWindow extends Window {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final List<OnnxTensor> owned = new ArrayList<>();
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();
    private final OnnxTensor oneTokenEach;

    JavaWindow(OrtModel model, Rows rows, Memory memory) throws OrtException {
        super(rows);
        environment = model.environment();
        session = model.session();
        try {
            oneTokenEach = own(tokens(), OnnxJavaType.INT64, rows.count(), 1);
            inputs.put(
                    GraphInterface.LAST_POSITIONS,
                    own(lastPositions(), OnnxJavaType.INT32, rows.count()));
            inputs.put(GraphInterface.TOTAL, own(longest(), OnnxJavaType.INT32));
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

    @Override
    void run() throws OrtException {
        run(oneTokenEach);
    }

    @Override
    void run(MemorySegment ids, int count) throws OrtException {
        try (OnnxTensor tensor = tensor(ids, OnnxJavaType.INT64, 1, count)) {
            run(tensor);
        }
    }

    private void run(OnnxTensor ids) throws OrtException {
        inputs.put(GraphInterface.INPUT_IDS, ids);
        // What is pinned stays ours; closing the result frees only its handle.
        session.run(inputs, Set.of(), outputs).close();
    }

    @Override
    public void close() {
        owned.forEach(OnnxTensor::close);
        owned.clear();
        super.close();
    }
}
