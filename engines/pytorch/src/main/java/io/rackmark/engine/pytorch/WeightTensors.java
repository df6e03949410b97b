package io.rackmark.engine.pytorch;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rackmark.engine.EngineException;
import io.rackmark.model.safetensors.SafetensorsDtype;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors over the mapped checkpoint, without a copy. DJL takes a buffer of at most 2 GiB, so a
 * larger tensor comes in several pieces along its first dimension. DJL ends the process when it
 * sees bfloat16, so those bits travel as float16 and are marked.
 */
final class WeightTensors {
    /** Most bytes in one piece. */
    static final long PIECE_BYTES = 1L << 30;

    /** Of a float, which C++ may rely on. */
    private static final int ALIGNMENT = Float.BYTES;

    private final PtNDManager manager;
    private final Arena arena;
    private final long pieceBytes;
    private final List<PtNDArray> raw = new ArrayList<>();
    private final List<Long> pieces = new ArrayList<>();
    private final List<Long> bits = new ArrayList<>();

    /**
     * @param manager owns the tensors
     * @param arena takes copies of what is not aligned
     */
    WeightTensors(PtNDManager manager, Arena arena, long pieceBytes) {
        this.manager = manager;
        this.arena = arena;
        this.pieceBytes = pieceBytes;
    }

    /** Adds the next weight. */
    void add(SafetensorsTensor tensor) {
        DataType type = label(tensor);
        MemorySegment data = aligned(tensor.data());
        List<Long> shape = tensor.shape();
        long rows = shape.getFirst();
        long rowBytes = data.byteSize() / Math.max(1, rows);
        long rowsPerPiece = Math.clamp(pieceBytes / Math.max(1, rowBytes), 1, rows);
        long count = 0;
        for (long row = 0; row < rows; row += rowsPerPiece) {
            long height = Math.min(rowsPerPiece, rows - row);
            long[] pieceShape = shape.stream().mapToLong(Long::longValue).toArray();
            pieceShape[0] = height;
            MemorySegment piece = data.asSlice(row * rowBytes, height * rowBytes);
            raw.add(manager.create(piece.asByteBuffer(), new Shape(pieceShape), type));
            count++;
        }
        pieces.add(count);
        bits.add(tensor.dtype() == SafetensorsDtype.BF16 ? 1L : 0L);
    }

    private static DataType label(SafetensorsTensor tensor) {
        return switch (tensor.dtype()) {
            case F32 -> DataType.FLOAT32;
            case F16, BF16 -> DataType.FLOAT16;
            default ->
                    throw new EngineException(
                            EngineException.Kind.BAD_MODEL,
                            "tensor %s has type %s; PyTorch is given F32, F16 and BF16"
                                    .formatted(tensor.name(), tensor.dtype()));
        };
    }

    private MemorySegment aligned(MemorySegment data) {
        if (data.address() % ALIGNMENT == 0) {
            return data;
        }
        return arena.allocate(data.byteSize(), ALIGNMENT).copyFrom(data);
    }

    /** The pieces of all weights in order. */
    PtNDArray[] raw() {
        return raw.toArray(PtNDArray[]::new);
    }

    /** How many pieces each weight has. */
    long[] pieces() {
        return longs(pieces);
    }

    /** 1 for a weight whose float16 label stands for bfloat16. */
    long[] bits() {
        return longs(bits);
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
