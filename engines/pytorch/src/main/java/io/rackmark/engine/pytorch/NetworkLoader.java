package io.rackmark.engine.pytorch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.decoder.MainMemory;
import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.safetensors.SafetensorsDtype;
import io.rackmark.model.safetensors.SafetensorsTensor;
import io.rackmark.model.torchscript.ProgramWeights;
import io.rackmark.model.torchscript.TorchScriptArchive;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes a {@link Network} of a checkpoint's weights. */
final class NetworkLoader {
    private static final int CHUNK = 1 << 16;

    private final LibTorch library;
    private final NetworkShape shape;
    private final Device device;
    private final long pieceBytes;

    /**
     * @param device where weights, caches and all that is computed lie
     */
    NetworkLoader(LibTorch library, NetworkShape shape, Device device) {
        this(library, shape, device, WeightTensors.PIECE_BYTES);
    }

    /**
     * @param pieceBytes most bytes handed over as one tensor
     */
    NetworkLoader(LibTorch library, NetworkShape shape, Device device, long pieceBytes) {
        this.library = library;
        this.shape = shape;
        this.device = device;
        this.pieceBytes = pieceBytes;
    }

    /**
     * Takes ownership of the weights, which float32 tensors of the checkpoint stay part of on the
     * CPU.
     */
    Network script(CheckpointWeights weights) {
        Arena arena = Arena.ofShared();
        Runnable release =
                () -> {
                    weights.close();
                    arena.close();
                };
        PtNDManager manager = library.newManager(device);
        try {
            List<SafetensorsTensor> tensors = tensors(weights);
            if (!device.isGpu()) {
                requireMemory(bytes(tensors));
            }
            byte[] archive = TorchScriptArchive.withoutWeights(shape.config(), shape.program());
            ScriptNetwork network = ScriptNetwork.load(manager, archive, release);
            try (PtNDManager handed = (PtNDManager) manager.newSubManager()) {
                WeightTensors given = new WeightTensors(handed, arena, pieceBytes);
                tensors.stream().filter(t -> !copied(t)).forEach(t -> t.data().load());
                tensors.forEach(given::add);
                network.giveWeights(given);
            }
            network.giveTables(shape);
            network.giveCaches(shape);
            return network;
        } catch (Throwable e) {
            manager.close();
            release.run();
            throw e;
        }
    }

    /** The weights come from the archive; the checkpoint's are closed by the caller. */
    Network script(Path archive) {
        requireMemory(TorchScriptArchive.weightBytes(shape.config(), shape.program()));
        PtNDManager manager = library.newManager(device);
        try {
            ScriptNetwork network = ScriptNetwork.load(manager, archive);
            network.giveTables(shape);
            network.giveCaches(shape);
            return network;
        } catch (Throwable e) {
            manager.close();
            throw e;
        }
    }

    /** Takes ownership of the weights. */
    Network eager(CheckpointWeights weights) {
        Arena arena = Arena.ofShared();
        PtNDManager manager = library.newManager(device);
        try (weights) {
            List<NDArray> arrays = new ArrayList<>();
            List<SafetensorsTensor> tensors = tensors(weights);
            requireMemory(bytes(tensors));
            for (SafetensorsTensor tensor : tensors) {
                long[] size = tensor.shape().stream().mapToLong(Long::longValue).toArray();
                arrays.add(
                        manager.create(
                                floats(tensor, arena).asByteBuffer(),
                                new Shape(size),
                                DataType.FLOAT32));
            }
            return new EagerNetwork(manager, arena, shape, arrays);
        } catch (Throwable e) {
            manager.close();
            arena.close();
            throw e;
        }
    }

    private static MemorySegment floats(SafetensorsTensor tensor, Arena arena) {
        if (tensor.elements() > Integer.MAX_VALUE / Float.BYTES) {
            throw PyTorchOptions.bad(
                    "tensor %s is larger than the 2 GiB that mode 'eager' takes; take mode"
                                    .formatted(tensor.name())
                            + " 'torchscript'");
        }
        MemorySegment target = arena.allocate(tensor.elements() * Float.BYTES, 64);
        float[] chunk = new float[CHUNK];
        for (long from = 0; from < tensor.elements(); from += CHUNK) {
            int count = (int) Math.min(CHUNK, tensor.elements() - from);
            tensor.read(from, count, chunk);
            MemorySegment.copy(chunk, 0, target, ValueLayout.JAVA_FLOAT, from * Float.BYTES, count);
        }
        return target;
    }

    private List<SafetensorsTensor> tensors(CheckpointWeights weights) {
        return ProgramWeights.of(shape.config()).all().stream()
                .map(weight -> weights.require(weight.name(), weight.shape()))
                .toList();
    }

    private boolean copied(SafetensorsTensor tensor) {
        return device.isGpu()
                || shape.half()
                || tensor.dtype() != SafetensorsDtype.F32
                || tensor.data().byteSize() > pieceBytes;
    }

    /** Copied or mapped, each tensor is in memory once. */
    private long bytes(List<SafetensorsTensor> tensors) {
        return tensors.stream().mapToLong(tensor -> tensor.elements() * shape.width()).sum();
    }

    private void requireMemory(long weightBytes) {
        // A product of five numbers from files and flags: as doubles, without overflow.
        double cache =
                2.0
                        * shape.config().layers()
                        * shape.slots()
                        * shape.tokens()
                        * shape.config().keyValueWidth()
                        * shape.width();
        MainMemory.require((double) weightBytes, cache, shape.slots(), shape.tokens());
        if (shape.tableBytes() > Integer.MAX_VALUE) {
            throw new EngineException(
                    EngineException.Kind.OUT_OF_MEMORY,
                    "the rotary table of %d tokens needs %d bytes, an array holds %d; ask for a shorter context"
                            .formatted(shape.tokens(), shape.tableBytes(), Integer.MAX_VALUE));
        }
    }
}
