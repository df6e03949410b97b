package io.rackmark.model.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Writes a GGUF version 3 file from front to back in constant memory: the header on creation, then
 * the elements of each tensor in the order announced. For one thread, which packs large pieces on
 * all processors.
 */
public final class GgufWriter implements AutoCloseable {
    private static final int ALIGNMENT = GgufHeaderReader.DEFAULT_ALIGNMENT;
    private static final int BUFFER_BYTES = 1 << 20;

    /** Elements that one processor packs at a time. */
    private static final int PIECE = 1 << 14;

    private final FileChannel channel;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final List<Plan> plans;
    private int current;
    private long written;
    private long position;

    /**
     * A tensor to be written.
     *
     * @param type one that {@link BlockCodec} packs
     * @param shape outermost dimension first; the innermost a multiple of the type's block
     */
    public record Plan(String name, GgmlType type, List<Long> shape) {
        public Plan {
            shape = List.copyOf(shape);
            if (BlockCodec.of(type).isEmpty() || shape.getLast() % type.blockElements() != 0) {
                throw new IllegalArgumentException(
                        "cannot write %s as %s %s".formatted(name, type, shape));
            }
        }

        /** Number of elements. */
        public long elements() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }

        /** Size in the file without padding. */
        public long bytes() {
            return elements() / type.blockElements() * type.blockBytes();
        }

        private BlockCodec codec() {
            return BlockCodec.of(type).orElseThrow();
        }
    }

    private GgufWriter(FileChannel channel, List<Plan> plans) {
        this.channel = channel;
        this.plans = List.copyOf(plans);
    }

    /** Creates the file, which must not exist, and writes everything before the tensor data. */
    public static GgufWriter create(Path file, Map<String, GgufValue> metadata, List<Plan> plans)
            throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            GgufWriter writer = new GgufWriter(channel, plans);
            writer.header(metadata);
            return writer;
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    private void header(Map<String, GgufValue> metadata) throws IOException {
        int32(GgufHeaderReader.MAGIC);
        int32(3);
        int64(plans.size());
        int64(metadata.size());
        for (Map.Entry<String, GgufValue> entry : metadata.entrySet()) {
            string(entry.getKey());
            int32(entry.getValue().type().id());
            value(entry.getValue());
        }
        long offset = 0;
        for (Plan plan : plans) {
            string(plan.name());
            int32(plan.shape().size());
            for (long dimension : plan.shape().reversed()) {
                int64(dimension);
            }
            int32(plan.type().id());
            int64(offset);
            offset = aligned(offset + plan.bytes());
        }
        pad();
    }

    private void value(GgufValue value) throws IOException {
        switch (value) {
            case GgufValue.Whole whole -> whole(whole);
            case GgufValue.Real real -> {
                if (real.type() == GgufValueType.FLOAT32) {
                    int32(Float.floatToRawIntBits((float) real.value()));
                } else {
                    int64(Double.doubleToRawLongBits(real.value()));
                }
            }
            case GgufValue.Bool bool -> int8(bool.value() ? 1 : 0);
            case GgufValue.Text text -> string(text.value());
            case GgufValue.Array array -> {
                int32(array.elementType().id());
                int64(array.values().size());
                for (GgufValue one : array.values()) {
                    value(one);
                }
            }
        }
    }

    private void whole(GgufValue.Whole whole) throws IOException {
        switch (whole.type()) {
            case UINT8, INT8 -> int8((int) whole.value());
            case UINT16, INT16 -> {
                int8((int) whole.value());
                int8((int) (whole.value() >> 8));
            }
            case UINT32, INT32 -> int32((int) whole.value());
            case UINT64, INT64 -> int64(whole.value());
            case FLOAT32, BOOL, STRING, ARRAY, FLOAT64 ->
                    throw new IllegalArgumentException("not a whole number: " + whole);
        }
    }

    /**
     * Packs the next elements of the current tensor.
     *
     * @param values the first {@code count} are written
     * @param count a multiple of the block, within the current tensor
     */
    public void append(float[] values, int count) throws IOException {
        Plan plan = plans.get(current);
        if (count % plan.type().blockElements() != 0 || written + count > plan.elements()) {
            throw new IllegalArgumentException(
                    "%d elements after %d of %s".formatted(count, written, plan));
        }
        byte[] packed = packed(plan, values, count);
        bytes(packed);
        position += packed.length;
        written += count;
        if (written == plan.elements()) {
            current++;
            written = 0;
            pad();
        }
    }

    private static byte[] packed(Plan plan, float[] values, int count) {
        int block = plan.type().blockElements();
        int blockBytes = plan.type().blockBytes();
        BlockCodec codec = plan.codec();
        byte[] packed = new byte[count / block * blockBytes];
        int step = Math.max(1, PIECE / block);
        IntStream.range(0, Math.ceilDiv(count / block, step))
                .parallel()
                .forEach(
                        piece -> {
                            int from = piece * step;
                            int to = Math.min(from + step, count / block);
                            ByteBuffer out =
                                    ByteBuffer.wrap(
                                                    packed,
                                                    from * blockBytes,
                                                    (to - from) * blockBytes)
                                            .order(ByteOrder.LITTLE_ENDIAN);
                            for (int i = from; i < to; i++) {
                                codec.encode(values, i * block, out);
                            }
                        });
        return packed;
    }

    private void bytes(byte[] bytes) throws IOException {
        for (int from = 0; from < bytes.length; ) {
            room(1);
            int count = Math.min(buffer.remaining(), bytes.length - from);
            buffer.put(bytes, from, count);
            from += count;
        }
    }

    /** Forces everything to the disk. All tensors must have been written. */
    public void finish() throws IOException {
        if (current != plans.size()) {
            throw new IllegalStateException("not written: " + plans.get(current));
        }
        flush();
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static long aligned(long offset) {
        return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private void pad() throws IOException {
        while (position % ALIGNMENT != 0) {
            int8(0);
        }
    }

    private void string(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int64(bytes.length);
        bytes(bytes);
        position += bytes.length;
    }

    private void int8(int value) throws IOException {
        room(1);
        buffer.put((byte) value);
        position++;
    }

    private void int32(int value) throws IOException {
        room(4);
        buffer.putInt(value);
        position += 4;
    }

    private void int64(long value) throws IOException {
        room(8);
        buffer.putLong(value);
        position += 8;
    }

    private void room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
