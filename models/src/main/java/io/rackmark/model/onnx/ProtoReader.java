package io.rackmark.model.onnx;

import io.rackmark.model.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Walks over the fields of one protocol buffer message in a mapped file. The bytes are untrusted:
 * every length is checked against the end of the enclosing message.
 */
final class ProtoReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;
    private static final int MAX_TEXT_BYTES = 1 << 20;

    private final Path file;
    private final MemorySegment data;
    private final long end;
    private long position;
    private int field;
    private int wireType;

    /** The message that the whole file is. */
    ProtoReader(Path file, MemorySegment data) {
        this(file, data, 0, data.byteSize());
    }

    private ProtoReader(Path file, MemorySegment data, long position, long end) {
        this.file = file;
        this.data = data;
        this.position = position;
        this.end = end;
    }

    /** Goes to the next field; false at the end of the message. The value must then be taken. */
    boolean next() {
        if (position == end) {
            return false;
        }
        long at = position;
        long tag = readVarint();
        field = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        if (tag < 8 || tag > 0xffff_ffffL) {
            throw ModelException.damaged(file, at, "a protobuf field", "tag " + tag);
        }
        return true;
    }

    int field() {
        return field;
    }

    /** Whether the value is length-delimited: a message, text, bytes or a packed list. */
    boolean isDelimited() {
        return wireType == LENGTH_DELIMITED;
    }

    long varint() {
        require(VARINT, "a varint");
        return readVarint();
    }

    String text() {
        ProtoReader value = message();
        long length = value.end - value.position;
        if (length > MAX_TEXT_BYTES) {
            throw ModelException.damaged(
                    file,
                    value.position,
                    "a text of at most %d bytes".formatted(MAX_TEXT_BYTES),
                    length + " bytes");
        }
        byte[] bytes = data.asSlice(value.position, length).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The value as a message of its own. */
    ProtoReader message() {
        require(LENGTH_DELIMITED, "a length-delimited value");
        long at = position;
        long length = readVarint();
        if (length < 0 || length > end - position) {
            throw ModelException.damaged(
                    file,
                    at,
                    "a length of at most %d bytes".formatted(end - position),
                    Long.toUnsignedString(length));
        }
        ProtoReader value = new ProtoReader(file, data, position, position + length);
        position += length;
        return value;
    }

    /** Passes over the value. */
    void skip() {
        switch (wireType) {
            case VARINT -> readVarint();
            case FIXED64 -> advance(Long.BYTES);
            case LENGTH_DELIMITED -> message();
            case FIXED32 -> advance(Integer.BYTES);
            default ->
                    throw ModelException.damaged(
                            file, position, "wire type 0, 1, 2 or 5", String.valueOf(wireType));
        }
    }

    /** The next number of a packed list, of which this is the message. */
    long packed() {
        return readVarint();
    }

    boolean atEnd() {
        return position == end;
    }

    private void advance(int bytes) {
        if (bytes > end - position) {
            throw ModelException.damaged(file, position, bytes + " bytes", "the end");
        }
        position += bytes;
    }

    private void require(int expected, String what) {
        if (wireType != expected) {
            throw ModelException.damaged(
                    file, position, what + " in field " + field, "wire type " + wireType);
        }
    }

    private long readVarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (position == end) {
                throw ModelException.damaged(file, position, "more of a number", "the end");
            }
            byte next = data.get(ValueLayout.JAVA_BYTE, position++);
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw ModelException.damaged(file, position, "a number of at most 10 bytes", "more");
    }
}
