package io.rackmark.model.safetensors;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * One tensor of an open file. The data is valid until the file is closed.
 *
 * @param shape outermost dimension first; empty for a scalar
 * @param fileOffset of the first byte, from the start of the file
 * @param data row-major, little-endian, not necessarily aligned
 */
public record SafetensorsTensor(
        String name,
        SafetensorsDtype dtype,
        List<Long> shape,
        long fileOffset,
        MemorySegment data) {
    private static final ValueLayout.OfFloat F32 =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble F64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort BITS16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public SafetensorsTensor {
        shape = List.copyOf(shape);
    }

    /** Number of elements. */
    public long elements() {
        return data.byteSize() / dtype.bytes();
    }

    /** Whether {@link #read} handles this type. */
    public boolean decodable() {
        return switch (dtype) {
            case F32, F16, BF16, F64 -> true;
            default -> false;
        };
    }

    /**
     * Copies elements {@code from … from + count} as 32-bit floats into the start of {@code
     * target}. F64 is rounded, the other types are exact.
     */
    public void read(long from, int count, float[] target) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(data, F32, from * 4, target, 0, count);
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    target[i] = Float.intBitsToFloat(data.get(BITS16, (from + i) * 2) << 16);
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target[i] = Float.float16ToFloat(data.get(BITS16, (from + i) * 2));
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    target[i] = (float) data.get(F64, (from + i) * 8);
                }
            }
            default ->
                    throw new ModelException(
                            Kind.UNSUPPORTED,
                            "tensor %s has type %s; supported: F32, F16, BF16, F64"
                                    .formatted(name, dtype));
        }
    }
}
