package io.rackmark.model.torchscript;

import io.rackmark.model.safetensors.SafetensorsDtype;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The elements of a tensor in the type an archive stores, piece by piece. */
final class Elements implements RecordZip.Content {
    private static final int PIECE = 1 << 18;

    private final SafetensorsTensor tensor;
    private final ProgramSpec.Type type;

    Elements(SafetensorsTensor tensor, ProgramSpec.Type type) {
        this.tensor = tensor;
        this.type = type;
    }

    @Override
    public long bytes() {
        return tensor.elements() * type.bytes();
    }

    @Override
    public void writeTo(RecordZip.Sink sink) throws IOException {
        boolean same = tensor.dtype() == stored();
        float[] values = new float[same ? 0 : PIECE];
        ByteBuffer converted =
                ByteBuffer.allocate(same ? 0 : PIECE * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (long from = 0; from < tensor.elements(); from += PIECE) {
            int count = (int) Math.min(PIECE, tensor.elements() - from);
            if (same) {
                long start = from * type.bytes();
                sink.accept(
                        tensor.data().asSlice(start, (long) count * type.bytes()).asByteBuffer());
            } else {
                tensor.read(from, count, values);
                sink.accept(convert(values, count, converted));
            }
        }
    }

    private SafetensorsDtype stored() {
        return switch (type) {
            case FLOAT16 -> SafetensorsDtype.F16;
            case FLOAT32 -> SafetensorsDtype.F32;
            case BFLOAT16 -> SafetensorsDtype.BF16;
        };
    }

    private ByteBuffer convert(float[] values, int count, ByteBuffer out) {
        out.clear();
        for (int i = 0; i < count; i++) {
            switch (type) {
                case FLOAT16 -> out.putShort(Float.floatToFloat16(values[i]));
                case FLOAT32 -> out.putFloat(values[i]);
                case BFLOAT16 -> out.putShort(bfloat16(values[i]));
            }
        }
        return out.flip();
    }

    /** Round to nearest even; NaN stays NaN. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int half = Float.isNaN(value) ? 0 : 0x7fff + ((bits >>> 16) & 1);
        return (short) ((bits + half) >>> 16);
    }
}
