package io.rackmark.model.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a safetensors file from front to back in constant memory: the header on creation, then the
 * elements of all tensors in the order announced. For one thread.
 */
public final class SafetensorsWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int HEADER_ALIGNMENT = 8;

    private final FileChannel channel;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final List<Plan> plans;
    private int current;
    private long written;

    /**
     * A tensor to be written.
     *
     * @param dtype F32, F16 or BF16
     * @param shape outermost dimension first
     */
    public record Plan(String name, SafetensorsDtype dtype, List<Long> shape) {
        public Plan {
            shape = List.copyOf(shape);
            if (dtype != SafetensorsDtype.F32
                    && dtype != SafetensorsDtype.F16
                    && dtype != SafetensorsDtype.BF16) {
                throw new IllegalArgumentException("cannot write %s as %s".formatted(name, dtype));
            }
        }

        /** Number of elements. */
        public long elements() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }
    }

    private SafetensorsWriter(FileChannel channel, List<Plan> plans) {
        this.channel = channel;
        this.plans = List.copyOf(plans);
    }

    /** Creates the file, which must not exist, and writes its header. */
    public static SafetensorsWriter create(Path file, List<Plan> plans) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            SafetensorsWriter writer = new SafetensorsWriter(channel, plans);
            writer.header();
            return writer;
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    private void header() throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("__metadata__", Map.of("format", "pt"));
        long offset = 0;
        for (Plan plan : plans) {
            long end = offset + plan.elements() * plan.dtype().bytes();
            Map<String, Object> info = new LinkedHashMap<>();
            info.put("dtype", plan.dtype().name());
            info.put("shape", plan.shape());
            info.put("data_offsets", List.of(offset, end));
            header.put(plan.name(), info);
            offset = end;
        }
        byte[] json = JsonMapper.shared().writeValueAsBytes(header);
        int padded = (json.length + HEADER_ALIGNMENT - 1) / HEADER_ALIGNMENT * HEADER_ALIGNMENT;
        buffer.putLong(padded);
        flush();
        ByteBuffer text = ByteBuffer.allocate(padded).put(json);
        while (text.hasRemaining()) {
            text.put((byte) ' ');
        }
        write(text.flip());
    }

    /**
     * Rounds and writes the next elements of the current tensor.
     *
     * @param values the first {@code count} are written
     * @param count not beyond the end of the current tensor
     */
    public void append(float[] values, int count) throws IOException {
        Plan plan = plans.get(current);
        if (written + count > plan.elements()) {
            throw new IllegalArgumentException(
                    "%d elements after %d of %s".formatted(count, written, plan));
        }
        for (int i = 0; i < count; i++) {
            if (buffer.remaining() < Float.BYTES) {
                flush();
            }
            switch (plan.dtype()) {
                case F32 -> buffer.putFloat(values[i]);
                case F16 -> buffer.putShort(Float.floatToFloat16(values[i]));
                default -> buffer.putShort(bfloat16(values[i]));
            }
        }
        written += count;
        if (written == plan.elements()) {
            current++;
            written = 0;
        }
    }

    /** Round to nearest even; NaN stays NaN. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int half = Float.isNaN(value) ? 0 : 0x7fff + ((bits >>> 16) & 1);
        return (short) ((bits + half) >>> 16);
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

    private void flush() throws IOException {
        write(buffer.flip());
        buffer.clear();
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
