package io.rackmark.engine.llamacpp;

import io.rackmark.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads the little-endian fields of a GGUF header in order, never past the end of the file. */
final class GgufBytes {
    private static final ValueLayout.OfInt U32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat F32 =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_STRING = 1 << 24;

    private final Path file;
    private final MemorySegment bytes;
    private long offset;

    GgufBytes(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    long offset() {
        return offset;
    }

    long remaining() {
        return bytes.byteSize() - offset;
    }

    /** uint32_t, kept as a non-negative long. */
    long u32() {
        return Integer.toUnsignedLong(bytes.get(U32, take(Integer.BYTES)));
    }

    long u64() {
        return bytes.get(U64, take(Long.BYTES));
    }

    float f32() {
        return bytes.get(F32, take(Float.BYTES));
    }

    /** A count of things that take at least {@code size} bytes each. */
    long count(String what, long size) {
        long start = offset;
        long count = u64();
        if (count < 0 || count > remaining() / size) {
            throw fault(
                    "%s at offset %d is %s, more than the file can hold"
                            .formatted(what, start, Long.toUnsignedString(count)));
        }
        return count;
    }

    /** gguf_string_t */
    String string() {
        long start = offset;
        long length = count("string length", 1);
        if (length > MAX_STRING) {
            throw fault("string at offset %d is %d bytes long".formatted(start, length));
        }
        byte[] content = new byte[(int) length];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, take(length), content, 0, content.length);
        // One char per byte: equal strings must have equal bytes, UTF-8 or not.
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    void skip(long length) {
        take(length);
    }

    private long take(long length) {
        if (length > remaining()) {
            throw fault(
                    "it ends inside its header, %d bytes wanted at offset %d of %d"
                            .formatted(length, offset, bytes.byteSize()));
        }
        long start = offset;
        offset += length;
        return start;
    }

    EngineException fault(String what) {
        return fault(file, what);
    }

    static EngineException fault(Path file, String what) {
        return new EngineException(
                EngineException.Kind.BAD_MODEL,
                "%s is no sound GGUF file: %s; copy or convert the model again"
                        .formatted(file, what));
    }
}
