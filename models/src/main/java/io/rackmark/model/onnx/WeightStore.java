package io.rackmark.model.onnx;

import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Gives graphs the tensors they ask for: in place, inside the checkpoint's own file, where the
 * elements are already as wanted, and else in the data file, whose layout grows with each request
 * and which is written at the end. All graphs of one precision share one store.
 */
final class WeightStore {
    /** Longest tensor that a buffer in Java can hold when it is handed over from the checkpoint. */
    private static final long LONGEST_IN_PLACE = Integer.MAX_VALUE;

    private static final float LARGEST_HALF = 65504;

    private final ModelConfig config;
    private final CheckpointWeights weights;
    private final OnnxType real;
    private final String dataFile;
    private final Map<String, ExternalTensor> known = new HashMap<>();
    private final Map<String, Blocks> quantized = new HashMap<>();
    private final List<Planned> plan = new ArrayList<>();
    private long end;

    private interface Content {
        void write(DataFile out) throws IOException;
    }

    private record Planned(ExternalTensor tensor, Content content) {}

    /**
     * A matrix in blocks.
     *
     * @param numbers UINT8 [rows, blocks, bytes of a block]
     * @param scales FLOAT [rows, blocks]
     */
    record Blocks(ExternalTensor numbers, ExternalTensor scales) {}

    /**
     * @param real type of all weights that are not quantised
     * @param dataFile name of the data file
     */
    WeightStore(ModelConfig config, CheckpointWeights weights, OnnxType real, String dataFile) {
        this.config = config;
        this.weights = weights;
        this.real = real;
        this.dataFile = dataFile;
    }

    OnnxType real() {
        return real;
    }

    ModelConfig config() {
        return config;
    }

    /** A tensor as the graph computes with it. */
    ExternalTensor real(String name, Long... shape) {
        return stored(weights.require(name, List.of(shape)), real);
    }

    /** A tensor in the type it has in the checkpoint, whichever real type this is. */
    ExternalTensor asInCheckpoint(String name, Long... shape) {
        SafetensorsTensor source = weights.require(name, List.of(shape));
        return stored(source, typeOf(source).orElse(OnnxType.FLOAT));
    }

    private ExternalTensor stored(SafetensorsTensor source, OnnxType type) {
        ExternalTensor before = known.get(source.name());
        if (before != null) {
            return before;
        }
        if (fitsInPlace(source, type)) {
            ExternalTensor tensor =
                    new ExternalTensor(
                            source.name(),
                            Optional.of(type),
                            source.shape(),
                            weights.fileOf(source).getFileName().toString(),
                            source.fileOffset(),
                            source.data().byteSize());
            known.put(tensor.name(), tensor);
            return tensor;
        }
        return planned(source.name(), type, source.shape(), out -> copy(source, type, out));
    }

    private static boolean fitsInPlace(SafetensorsTensor source, OnnxType type) {
        return typeOf(source).equals(Optional.of(type))
                && source.fileOffset() % type.bytes() == 0
                && source.data().byteSize() <= LONGEST_IN_PLACE;
    }

    private static Optional<OnnxType> typeOf(SafetensorsTensor source) {
        return switch (source.dtype()) {
            case F32 -> Optional.of(OnnxType.FLOAT);
            case F16 -> Optional.of(OnnxType.FLOAT16);
            case BF16 -> Optional.of(OnnxType.BFLOAT16);
            default -> Optional.empty();
        };
    }

    private static void copy(SafetensorsTensor source, OnnxType type, DataFile out)
            throws IOException {
        float largest = type == OnnxType.FLOAT16 ? LARGEST_HALF : Float.MAX_VALUE;
        float[] row = new float[Math.toIntExact(source.shape().getLast())];
        for (long r = 0; r < source.elements() / row.length; r++) {
            FiniteRows.read(source, r, row, largest);
            out.write(row, row.length, type);
        }
    }

    /**
     * A matrix in blocks of {@link BlockQuantizer#BLOCK}.
     *
     * @param bits 4 or 8
     */
    Blocks blocks(String name, int bits, long rows, long columns) {
        Blocks before = quantized.get(name);
        if (before != null) {
            return before;
        }
        SafetensorsTensor source = weights.require(name, List.of(rows, columns));
        BlockQuantizer quantizer = new BlockQuantizer(bits, Math.toIntExact(columns));
        QuantizedMatrix matrix = new QuantizedMatrix(source, quantizer);
        long blocks = quantizer.blocks();
        ExternalTensor numbers =
                planned(
                        name + ".int" + bits,
                        OnnxType.UINT8,
                        List.of(rows, blocks, (long) quantizer.blockBytes()),
                        matrix::writeNumbers);
        ExternalTensor scales =
                planned(
                        numbers.name() + ".scales",
                        OnnxType.FLOAT,
                        List.of(rows, blocks),
                        matrix::writeScales);
        Blocks made = new Blocks(numbers, scales);
        quantized.put(name, made);
        return made;
    }

    /** Cosines of the rotary embedding: [context, headDim / 2]. */
    ExternalTensor cosines() {
        return rotary("rotary.cos", RotaryTable::cosines);
    }

    /** Sines of the rotary embedding: [context, headDim / 2]. */
    ExternalTensor sines() {
        return rotary("rotary.sin", RotaryTable::sines);
    }

    private interface RotaryRow {
        void fill(RotaryTable table, int position, float[] row);
    }

    private ExternalTensor rotary(String name, RotaryRow rows) {
        ExternalTensor before = known.get(name);
        if (before != null) {
            return before;
        }
        RotaryTable table = new RotaryTable(config);
        List<Long> shape = List.of((long) config.contextTokens(), (long) table.width());
        return planned(
                name,
                real,
                shape,
                out -> {
                    float[] row = new float[table.width()];
                    for (int position = 0; position < config.contextTokens(); position++) {
                        rows.fill(table, position, row);
                        out.write(row, row.length, real);
                    }
                });
    }

    private ExternalTensor planned(String name, OnnxType type, List<Long> shape, Content content) {
        long bytes = shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
        long offset = DataFile.aligned(end);
        ExternalTensor tensor =
                new ExternalTensor(name, Optional.of(type), shape, dataFile, offset, bytes);
        end = offset + bytes;
        known.put(name, tensor);
        plan.add(new Planned(tensor, content));
        return tensor;
    }

    /** Length of the data file by the requests so far. */
    long dataBytes() {
        return end;
    }

    /** Writes all that was asked for and does not lie in place. */
    void write(DataFile out, LongConsumer bytesDone) throws IOException {
        for (Planned planned : plan) {
            ExternalTensor tensor = planned.tensor();
            out.padTo(tensor.offset());
            planned.content().write(out);
            if (out.position() != tensor.offset() + tensor.bytes()) {
                throw new IllegalStateException(
                        "%s: %d bytes written of %d"
                                .formatted(
                                        tensor.name(),
                                        out.position() - tensor.offset(),
                                        tensor.bytes()));
            }
            bytesDone.accept(out.position());
        }
    }
}
