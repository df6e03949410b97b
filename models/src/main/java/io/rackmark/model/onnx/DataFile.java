package io.rackmark.model.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file of external data beside a graph, written from front to back. For one thread. */
final class DataFile implements AutoCloseable {
    /** A multiple of every element and of a cache line. */
    static final long ALIGNMENT = 64;

    private static final int BUFFER_BYTES = 1 << 20;

    private final FileChannel channel;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long flushed;

    private DataFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Creates the file, which must not exist. */
    static DataFile create(Path file) throws IOException {
        return new DataFile(
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    static long aligned(long offset) {
        return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    long position() {
        return flushed + buffer.position();
    }

    /** Fills with zeros up to a tensor's first byte. */
    void padTo(long offset) throws IOException {
        while (position() < offset) {
            require(1);
            buffer.put((byte) 0);
        }
    }

    /**
     * Writes the first {@code count} values, rounded to the nearest of the type.
     *
     * @param type FLOAT, FLOAT16 or BFLOAT16
     */
    void write(float[] values, int count, OnnxType type) throws IOException {
        for (int i = 0; i < count; i++) {
            require(Float.BYTES);
            switch (type) {
                case FLOAT -> buffer.putFloat(values[i]);
                case FLOAT16 -> buffer.putShort(Float.floatToFloat16(values[i]));
                case BFLOAT16 -> buffer.putShort(bfloat16(values[i]));
                case UINT8, INT32, INT64 -> throw new IllegalArgumentException("not real: " + type);
            }
        }
    }

    /** Round to nearest even; the value is finite. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    void write(byte[] bytes) throws IOException {
        require(bytes.length);
        if (bytes.length > buffer.remaining()) {
            writeOut(ByteBuffer.wrap(bytes));
        } else {
            buffer.put(bytes);
        }
    }

    private void require(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            writeOut(buffer.flip());
            buffer.clear();
        }
    }

    private void writeOut(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            flushed += channel.write(bytes);
        }
    }

    /** Forces everything to the disk. */
    void finish() throws IOException {
        writeOut(buffer.flip());
        buffer.clear();
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
