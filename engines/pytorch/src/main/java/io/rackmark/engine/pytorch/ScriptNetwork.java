package io.rackmark.engine.pytorch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.rackmark.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A TorchScript program, its weights and its caches. */
final class ScriptNetwork implements Network {
    private final PtNDManager manager;
    private final PtSymbolBlock module;
    private final Runnable release;

    private ScriptNetwork(PtNDManager manager, PtSymbolBlock module, Runnable release) {
        this.manager = manager;
        this.module = module;
        this.release = release;
    }

    /**
     * A program that is still without weights, rotary table and caches.
     *
     * @param release run when nothing of the network is left
     */
    static ScriptNetwork load(PtNDManager manager, byte[] archive, Runnable release) {
        try {
            return new ScriptNetwork(
                    manager,
                    JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false),
                    release);
        } catch (IOException e) {
            throw new UncheckedIOException("memory was not readable", e);
        }
    }

    /** A program that has its weights. */
    static ScriptNetwork load(PtNDManager manager, Path archive) {
        String[] none = {};
        return new ScriptNetwork(
                manager, JniUtils.loadModule(manager, archive, false, none, none, false), () -> {});
    }

    /** The tensors may be closed afterwards; the memory of float32 ones must stay. */
    void giveWeights(WeightTensors weights) {
        try (IValue raw = IValue.listFrom(weights.raw());
                IValue pieces = IValue.listFrom(weights.pieces());
                IValue bits = IValue.listFrom(weights.bits())) {
            expect("give_weights", weights.pieces().length, raw, pieces, bits);
        }
    }

    void giveTables(NetworkShape shape) {
        try (PtNDManager step = (PtNDManager) manager.newSubManager();
                IValue cos = IValue.from(RotaryTensors.cosines(step, shape));
                IValue sin = IValue.from(RotaryTensors.sines(step, shape))) {
            expect("give_rope", shape.tokens(), cos, sin);
        }
    }

    /** One layer after the other, so that no second copy of all caches exists at any time. */
    void giveCaches(NetworkShape shape) {
        DataType type = shape.half() ? DataType.FLOAT16 : DataType.FLOAT32;
        Shape cache = new Shape(shape.cacheShape());
        for (int layer = 0; layer < shape.config().layers(); layer++) {
            try (PtNDManager step = (PtNDManager) manager.newSubManager();
                    IValue keys = IValue.from((PtNDArray) step.zeros(cache, type));
                    IValue values = IValue.from((PtNDArray) step.zeros(cache, type))) {
                expect("give_cache", layer + 1L, keys, values);
            }
        }
    }

    private void expect(String method, long answer, IValue... arguments) {
        try (IValue result = IValueUtils.runMethod(module, method, arguments)) {
            if (result.toLong() != answer) {
                throw new EngineException(
                        EngineException.Kind.INTERNAL,
                        "%s answered %d instead of %d".formatted(method, result.toLong(), answer));
            }
        }
    }

    @Override
    public void prefill(int slot, int start, int[] ids, float @Nullable [] logits) {
        try (PtNDManager step = (PtNDManager) manager.newSubManager();
                PtNDArray given = tensor(step, ids);
                IValue tokens = IValue.from(given);
                IValue at = IValue.from((long) slot);
                IValue from = IValue.from((long) start);
                IValue last = IValue.from(logits != null);
                IValue result = IValueUtils.runMethod(module, "prefill", tokens, at, from, last)) {
            if (logits != null) {
                floats(result.toTensor(step)).get(logits);
            } else {
                await(given);
            }
        }
    }

    @Override
    public void decode(int[] slots, int[] starts, int[] ids, float[][] logits) {
        try (PtNDManager step = (PtNDManager) manager.newSubManager();
                IValue tokens = IValue.from(tensor(step, ids));
                IValue at = IValue.from(tensor(step, starts));
                IValue which = IValue.listFrom(longs(slots));
                IValue from = IValue.listFrom(longs(starts));
                IValue result = IValueUtils.runMethod(module, "decode", tokens, at, which, from)) {
            FloatBuffer rows = floats(result.toTensor(step));
            for (int i = 0; i < ids.length; i++) {
                rows.get(logits[i]);
            }
        }
    }

    private static PtNDArray tensor(PtNDManager manager, int[] values) {
        return (PtNDArray) manager.create(longs(values), new Shape(values.length));
    }

    private static long[] longs(int[] values) {
        long[] longs = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            longs[i] = values[i];
        }
        return longs;
    }

    /**
     * Memory of the tensor, or of its copy from a GPU, valid as long as the tensor's manager. The
     * copy waits for everything the GPU was given before.
     */
    private static FloatBuffer floats(NDArray array) {
        return array.toDevice(Device.cpu(), false)
                .toByteBuffer(true)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** A call on a GPU returns when it is queued; a copy back, in the same queue, is not early. */
    private static void await(PtNDArray any) {
        if (any.getDevice().isGpu()) {
            any.toDevice(Device.cpu(), true).close();
        }
    }

    @Override
    public void close() {
        module.close();
        manager.close();
        release.run();
    }
}
