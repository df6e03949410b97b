package io.rackmark.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.engine.PtNDManager;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.torchscript.ProgramWeights;
import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The same model with one call from Java per operation, on DJL's general array type in float32:
 * what one gets without any care. Results of an operation belong to the manager of its first
 * operand, so whatever starts from a weight or a cache is moved to the step's own.
 */
final class EagerNetwork implements Network {
    private final PtNDManager manager;
    private final Arena memory;
    private final ModelConfig config;
    private final ProgramWeights places;
    private final List<NDArray> weights; // in the order of ProgramWeights
    private final NDArray cos; // [tokens, headDim]
    private final NDArray sin;
    private final List<NDArray> keys = new ArrayList<>(); // per layer [slots, kvHeads, tokens, dim]
    private final List<NDArray> values = new ArrayList<>();

    /**
     * @param memory that the weights lie in; closed with this
     */
    EagerNetwork(PtNDManager manager, Arena memory, NetworkShape shape, List<NDArray> weights) {
        this.manager = manager;
        this.memory = memory;
        this.config = shape.config();
        this.places = ProgramWeights.of(config);
        this.weights = List.copyOf(weights);
        cos = RotaryTensors.cosines(manager, shape);
        sin = RotaryTensors.sines(manager, shape);
        for (int i = 0; i < config.layers(); i++) {
            keys.add(manager.zeros(new Shape(shape.cacheShape()), DataType.FLOAT32));
            values.add(manager.zeros(new Shape(shape.cacheShape()), DataType.FLOAT32));
        }
    }

    @Override
    public void prefill(int slot, int start, int[] ids, float @Nullable [] logits) {
        try (NDManager step = manager.newSubManager()) {
            NDArray x = hidden(step, slot, start, ids);
            if (logits != null) {
                NDArray last = norm(x.get(new NDIndex("-1:")), places.lastNorm(config));
                NDArray row = Linear.linear(last, weights.get(places.output(config))).get(0);
                row.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer().get(logits);
            }
        }
    }

    @Override
    public void decode(int[] slots, int[] starts, int[] ids, float[][] logits) {
        for (int i = 0; i < slots.length; i++) {
            prefill(slots[i], starts[i], new int[] {ids[i]}, logits[i]);
        }
    }

    /** The residual stream after the last layer, [n, hidden]. */
    private NDArray hidden(NDManager step, int slot, int start, int[] ids) {
        int end = start + ids.length;
        NDArray tokens = step.create(Arrays.stream(ids).asLongStream().toArray());
        NDArray x = weights.getFirst().get(step, new NDIndex("{}", tokens));
        Turn turn =
                new Turn(
                        rows(step, cos, start, end),
                        rows(step, sin, start, end),
                        mask(step, start, ids.length));
        for (int layer = 0; layer < config.layers(); layer++) {
            int base = places.layerStart(layer);
            NDArray h = norm(x, base);
            NDArray q = heads(linear(h, base, "self_attn.q_proj"), config.heads());
            NDArray k = heads(linear(h, base, "self_attn.k_proj"), config.kvHeads());
            NDArray v = heads(linear(h, base, "self_attn.v_proj"), config.kvHeads());
            if (config.queryKeyNorm()) {
                q = norm(q, base + places.inLayer("self_attn.q_norm.weight"));
                k = norm(k, base + places.inLayer("self_attn.k_norm.weight"));
            }
            NDIndex written = place(slot, start, end);
            keys.get(layer).set(written, rotated(k, turn));
            values.get(layer).set(written, v);
            NDIndex seen = place(slot, 0, end);
            NDArray attended =
                    attention(
                            rotated(q, turn),
                            keys.get(layer).get(step, seen),
                            values.get(layer).get(step, seen),
                            turn.mask());
            x = x.add(linear(attended, base, "self_attn.o_proj"));
            x = x.add(feedForward(x, base));
        }
        return x;
    }

    /**
     * @param cos [n, headDim]
     * @param sin [n, headDim]
     * @param mask [n, end], added to the scores; null for a single token
     */
    private record Turn(NDArray cos, NDArray sin, @Nullable NDArray mask) {}

    private static NDArray rows(NDManager step, NDArray table, int start, int end) {
        return table.get(step, new NDIndex().addSliceDim(start, end));
    }

    private static NDIndex place(int slot, int start, int end) {
        return new NDIndex().addIndices(slot).addAllDim().addSliceDim(start, end);
    }

    private static @Nullable NDArray mask(NDManager step, int start, int count) {
        if (count == 1) {
            return null;
        }
        int end = start + count;
        float[] mask = new float[count * end];
        for (int row = 0; row < count; row++) {
            Arrays.fill(
                    mask, row * end + start + row + 1, (row + 1) * end, Float.NEGATIVE_INFINITY);
        }
        return step.create(mask, new Shape(count, end));
    }

    /** [n, heads * headDim] as [heads, n, headDim]. */
    private NDArray heads(NDArray x, int heads) {
        return x.reshape(-1, heads, config.headDim()).transpose(1, 0, 2);
    }

    private static NDArray rotated(NDArray x, Turn turn) {
        NDList halves = x.split(2, 2);
        NDArray turned = NDArrays.concat(new NDList(halves.get(1).neg(), halves.get(0)), 2);
        return x.mul(turn.cos()).add(turned.mul(turn.sin()));
    }

    /** The query heads of one key head are rows of one product. */
    private NDArray attention(NDArray q, NDArray k, NDArray v, @Nullable NDArray mask) {
        long count = q.getShape().get(1);
        long end = k.getShape().get(1);
        int groups = config.kvHeads();
        int each = config.heads() / groups;
        NDArray scores =
                q.reshape(groups, each * count, config.headDim())
                        .matMul(k.transpose(0, 2, 1))
                        .mul((float) (1 / Math.sqrt(config.headDim())));
        if (mask != null) {
            scores =
                    scores.reshape(groups, each, count, end)
                            .add(mask)
                            .reshape(groups, each * count, end);
        }
        return scores.softmax(2)
                .matMul(v)
                .reshape(config.heads(), count, config.headDim())
                .transpose(1, 0, 2)
                .reshape(count, config.queryWidth());
    }

    private NDArray feedForward(NDArray x, int base) {
        NDArray h = norm(x, base + places.inLayer("post_attention_layernorm.weight"));
        NDArray gate = linear(h, base, "mlp.gate_proj");
        NDArray inner = gate.mul(Activation.sigmoid(gate)).mul(linear(h, base, "mlp.up_proj"));
        return linear(inner, base, "mlp.down_proj");
    }

    private NDArray linear(NDArray x, int base, String projection) {
        NDArray weight = weights.get(base + places.inLayer(projection + ".weight"));
        int bias = places.inLayer(projection + ".bias");
        NDList y =
                bias < 0
                        ? Linear.linear(x, weight)
                        : Linear.linear(x, weight, weights.get(base + bias));
        return y.singletonOrThrow();
    }

    private NDArray norm(NDArray x, int weight) {
        int last = x.getShape().dimension() - 1;
        NDArray meanSquare = x.square().mean(new int[] {last}, true);
        return x.div(meanSquare.add((float) config.rmsEpsilon()).sqrt()).mul(weights.get(weight));
    }

    @Override
    public void close() {
        manager.close();
        memory.close();
    }
}
