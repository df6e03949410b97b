package io.rackmark.engine.onnxruntime;

import static io.rackmark.engine.onnxruntime.GraphInterface.past;
import static io.rackmark.engine.onnxruntime.GraphInterface.present;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every run gives new keys and values, the former with the new tokens', which the slot's next run
 * takes. Works with any export; slots are computed one after the other.
 */
final class ChainedSequences implements Sequences {
    private final OrtModel model;
    private final GraphInterface graph;
    private final OrtSession.@Nullable Result[] last; // [slots], of the slot's latest run
    private final int[] lengths; // [slots]
    private final OnnxTensor nothing; // [1, kvHeads, 0, headDim]
    private final Set<String> caches = new HashSet<>();
    private final Set<String> all = new HashSet<>();

    ChainedSequences(OrtModel model, int slots) throws OrtException {
        this.model = model;
        graph = model.graph();
        last = new OrtSession.Result[slots];
        lengths = new int[slots];
        nothing =
                OnnxTensor.createTensor(
                        model.environment(),
                        direct(0),
                        new long[] {1, graph.kvHeads(), 0, graph.headDim()},
                        graph.cacheType());
        for (int i = 0; i < graph.layers(); i++) {
            caches.add(present(i, true));
            caches.add(present(i, false));
        }
        all.addAll(caches);
        all.add(GraphInterface.LOGITS);
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    @Override
    public int length(int slot) {
        return lengths[slot];
    }

    @Override
    public void append(int slot, int[] tokens, float[] logits) throws OrtException {
        int before = lengths[slot];
        Map<String, OnnxTensor> fresh = new HashMap<>();
        OrtSession.Result result;
        try {
            fresh.put(GraphInterface.INPUT_IDS, vector(tokens.length, i -> tokens[i]));
            if (graph.takesPositions()) {
                fresh.put(GraphInterface.POSITION_IDS, vector(tokens.length, i -> before + i));
            }
            if (graph.takesMask()) {
                fresh.put(GraphInterface.ATTENTION_MASK, vector(before + tokens.length, _ -> 1));
            }
            Map<String, OnnxTensor> inputs = new HashMap<>(fresh);
            addPast(inputs, last[slot]);
            result = model.session().run(inputs, logits.length > 0 ? all : caches);
        } finally {
            fresh.values().forEach(OnnxTensor::close);
        }
        reset(slot);
        last[slot] = result;
        lengths[slot] = before + tokens.length;
        if (logits.length > 0) {
            lastRow(tensor(result, GraphInterface.LOGITS), logits);
        }
    }

    private interface Numbers {
        long at(int index);
    }

    /** [1, length]. */
    private OnnxTensor vector(int length, Numbers numbers) throws OrtException {
        LongBuffer values = direct(length * Long.BYTES).asLongBuffer();
        for (int i = 0; i < length; i++) {
            values.put(i, numbers.at(i));
        }
        return OnnxTensor.createTensor(model.environment(), values, new long[] {1, length});
    }

    private void addPast(Map<String, OnnxTensor> inputs, OrtSession.@Nullable Result before) {
        for (int i = 0; i < graph.layers(); i++) {
            for (boolean key : new boolean[] {true, false}) {
                inputs.put(
                        past(i, key), before == null ? nothing : tensor(before, present(i, key)));
            }
        }
    }

    private static OnnxTensor tensor(OrtSession.Result result, String name) {
        OnnxValue value = result.get(name).orElseThrow();
        return (OnnxTensor) value;
    }

    /** Exports give the logits of every token, [1, tokens, vocabulary]. */
    private static void lastRow(OnnxTensor tensor, float[] logits) {
        // For 16-bit elements the buffer is a converted copy.
        FloatBuffer values = tensor.getFloatBuffer();
        values.get(values.limit() - logits.length, logits);
    }

    @Override
    public void appendEach(int[] slots, int[] tokens, float[][] logits) throws OrtException {
        for (int i = 0; i < slots.length; i++) {
            append(slots[i], new int[] {tokens[i]}, logits[i]);
        }
    }

    @Override
    public void reset(int slot) {
        OrtSession.Result result = last[slot];
        if (result != null) {
            result.close();
            last[slot] = null;
        }
        lengths[slot] = 0;
    }

    @Override
    public long cacheBytes() {
        return -1;
    }

    @Override
    public void close() {
        for (int slot = 0; slot < last.length; slot++) {
            reset(slot);
        }
        nothing.close();
    }
}
