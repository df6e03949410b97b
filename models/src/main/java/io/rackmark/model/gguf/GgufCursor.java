package io.rackmark.model.gguf;

import io.rackmark.model.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads little-endian values one after the other and never past the end. */
final class GgufCursor {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_STRING_BYTES = 16 << 20;

    private final Path file;
    private final MemorySegment bytes;
    private long position;

    GgufCursor(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    long position() {
        return position;
    }

    long remaining() {
        return bytes.byteSize() - position;
    }

    byte int8(String what) {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(1, what));
    }

    short int16(String what) {
        return bytes.get(SHORT, advance(2, what));
    }

    int int32(String what) {
        return bytes.get(INT, advance(4, what));
    }

    long int64(String what) {
        return bytes.get(LONG, advance(8, what));
    }

    /** A count or length: unsigned in the file, at most {@code most} here. */
    long count(long most, String what) {
        long at = position;
        long value = int64(what);
        if (value < 0 || value > most) {
            throw ModelException.damaged(
                    file,
                    at,
                    "%s of at most %d".formatted(what, most),
                    Long.toUnsignedString(value));
        }
        return value;
    }

    /** {@code gguf_string_t}: length and bytes. Invalid UTF-8 is replaced, not refused. */
    String string(String what) {
        int length = (int) count(Math.min(MAX_STRING_BYTES, Math.max(0, remaining() - 8)), what);
        long start = advance(length, what);
        return new String(
                bytes.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE),
                StandardCharsets.UTF_8);
    }

    ModelException damaged(long at, String expected, String found) {
        return ModelException.damaged(file, at, expected, found);
    }

    private long advance(long length, String what) {
        if (length > remaining()) {
            throw ModelException.damaged(
                    file, position, length + " bytes for " + what, remaining() + " bytes left");
        }
        long start = position;
        position += length;
        return start;
    }
}
