package io.rackmark.model.gguf;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code gguf_header_t}, the metadata and the tensor table, checking every length. */
final class GgufHeaderReader {
    /** "GGUF" as a little-endian number. */
    static final int MAGIC = 0x46554747;

    static final int DEFAULT_ALIGNMENT = 32;
    static final String ALIGNMENT_KEY = "general.alignment";

    private static final int MAX_KEYS = 1 << 16;
    private static final int MAX_TENSORS = 1 << 18;
    private static final int MAX_DIMENSIONS = 4;
    private static final int MAX_NESTING = 4;
    private static final int MAX_ALIGNMENT = 1 << 20;

    /** Over all arrays of a file; the largest vocabularies need about 1.3 million. */
    private static final int MAX_ARRAY_VALUES = 1 << 22;

    private final Path file;
    private final MemorySegment bytes;
    private final GgufCursor cursor;
    private int arrayValues;

    GgufHeaderReader(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
        cursor = new GgufCursor(file, bytes);
    }

    GgufHeader read() {
        int magic = cursor.int32("the magic 'GGUF'");
        if (magic != MAGIC) {
            throw cursor.damaged(0, "the magic 'GGUF'", "0x%08x".formatted(magic));
        }
        int version = cursor.int32("the version");
        if (version != 2 && version != 3) {
            throw new ModelException(
                    Kind.UNSUPPORTED,
                    "%s has GGUF version %s; supported: 2 and 3, little-endian"
                            .formatted(file, Integer.toUnsignedString(version)));
        }
        int tensorCount = (int) cursor.count(MAX_TENSORS, "a tensor count");
        int keyCount = (int) cursor.count(MAX_KEYS, "a metadata count");
        Map<String, GgufValue> metadata = metadata(keyCount);
        List<Info> infos = new ArrayList<>();
        for (int i = 0; i < tensorCount; i++) {
            infos.add(info());
        }
        return new GgufHeader(version, metadata, tensors(infos, alignment(metadata)));
    }

    private Map<String, GgufValue> metadata(int count) {
        Map<String, GgufValue> metadata = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            long at = cursor.position();
            String key = cursor.string("a metadata key");
            if (metadata.put(key, value(type("the type of " + key), key, 0)) != null) {
                throw cursor.damaged(at, "each metadata key once", "'" + key + "' again");
            }
        }
        return metadata;
    }

    private GgufValueType type(String what) {
        long at = cursor.position();
        int id = cursor.int32(what);
        return GgufValueType.of(id)
                .orElseThrow(() -> cursor.damaged(at, what + " from 0 to 12", "" + id));
    }

    private GgufValue value(GgufValueType type, String key, int depth) {
        return switch (type) {
            case UINT8 -> new GgufValue.Whole(type, cursor.int8(key) & 0xff);
            case INT8 -> new GgufValue.Whole(type, cursor.int8(key));
            case UINT16 -> new GgufValue.Whole(type, cursor.int16(key) & 0xffff);
            case INT16 -> new GgufValue.Whole(type, cursor.int16(key));
            case UINT32 -> new GgufValue.Whole(type, cursor.int32(key) & 0xffff_ffffL);
            case INT32 -> new GgufValue.Whole(type, cursor.int32(key));
            case UINT64, INT64 -> new GgufValue.Whole(type, cursor.int64(key));
            case FLOAT32 -> new GgufValue.Real(type, Float.intBitsToFloat(cursor.int32(key)));
            case FLOAT64 -> new GgufValue.Real(type, Double.longBitsToDouble(cursor.int64(key)));
            case BOOL -> bool(key);
            case STRING -> new GgufValue.Text(cursor.string(key));
            case ARRAY -> array(key, depth);
        };
    }

    private GgufValue bool(String key) {
        long at = cursor.position();
        int value = cursor.int8(key);
        if (value != 0 && value != 1) {
            throw cursor.damaged(at, "0 or 1 for " + key, "" + value);
        }
        return new GgufValue.Bool(value == 1);
    }

    private GgufValue array(String key, int depth) {
        long at = cursor.position();
        if (depth == MAX_NESTING) {
            throw cursor.damaged(at, "arrays nested at most " + MAX_NESTING + " deep", "more");
        }
        GgufValueType elementType = type("the element type of " + key);
        long most = Math.max(0, cursor.remaining() - 8) / elementType.minimumBytes();
        int count = (int) cursor.count(Math.min(most, MAX_ARRAY_VALUES - arrayValues), "a length");
        arrayValues += count;
        List<GgufValue> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(value(elementType, key, depth + 1));
        }
        return new GgufValue.Array(elementType, values);
    }

    /**
     * {@code gguf_tensor_info_t}.
     *
     * @param shape outermost dimension first
     * @param offset from the start of the data section
     */
    private record Info(
            String name, GgmlType type, List<Long> shape, long offset, long bytes, long at) {}

    private Info info() {
        long at = cursor.position();
        String name = cursor.string("a tensor name");
        int dimensions = cursor.int32("the dimensions of " + name);
        if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
            throw cursor.damaged(
                    at,
                    "0 to %d dimensions of %s".formatted(MAX_DIMENSIONS, name),
                    "" + dimensions);
        }
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < dimensions; i++) {
            shape.addFirst(cursor.count(Long.MAX_VALUE, "a dimension"));
        }
        int typeId = cursor.int32("the type of " + name);
        GgmlType type =
                GgmlType.of(typeId)
                        .orElseThrow(
                                () -> cursor.damaged(at, "a known type of " + name, "" + typeId));
        long offset = cursor.count(Long.MAX_VALUE, "an offset");
        return new Info(name, type, shape, offset, bytes(at, name, type, shape), at);
    }

    private long bytes(long at, String name, GgmlType type, List<Long> shape) {
        long row = shape.isEmpty() ? 1 : shape.getLast();
        if (row % type.blockElements() != 0) {
            throw cursor.damaged(
                    at,
                    "rows of %s in multiples of %d".formatted(name, type.blockElements()),
                    Long.toString(row));
        }
        try {
            return Math.multiplyExact(
                    shape.stream().reduce(1L, Math::multiplyExact) / type.blockElements(),
                    type.blockBytes());
        } catch (ArithmeticException e) {
            throw cursor.damaged(at, "fewer than 2^63 elements in " + name, shape.toString());
        }
    }

    private int alignment(Map<String, GgufValue> metadata) {
        GgufValue value = metadata.get(ALIGNMENT_KEY);
        if (value == null) {
            return DEFAULT_ALIGNMENT;
        }
        if (value instanceof GgufValue.Whole whole
                && whole.value() >= 1
                && whole.value() <= MAX_ALIGNMENT
                && Long.bitCount(whole.value()) == 1) {
            return (int) whole.value();
        }
        throw cursor.damaged(
                0,
                ALIGNMENT_KEY + " to be a power of two up to " + MAX_ALIGNMENT,
                value.toString());
    }

    private Map<String, GgufTensor> tensors(List<Info> infos, int alignment) {
        long start = (cursor.position() + alignment - 1) / alignment * alignment;
        long available = Math.max(0, bytes.byteSize() - start);
        Map<String, GgufTensor> tensors = new LinkedHashMap<>();
        for (Info info : infos) {
            if (info.offset % alignment != 0
                    || info.bytes > available
                    || info.offset > available - info.bytes) {
                throw cursor.damaged(
                        info.at,
                        "%d bytes of %s within %d data bytes, aligned to %d"
                                .formatted(info.bytes, info.name, available, alignment),
                        "offset " + info.offset);
            }
            // An empty tensor at the very end of an unpadded file has no bytes to point at.
            MemorySegment data =
                    info.bytes == 0
                            ? MemorySegment.NULL
                            : bytes.asSlice(start + info.offset, info.bytes);
            GgufTensor tensor =
                    new GgufTensor(info.name, info.type, info.shape, start + info.offset, data);
            if (tensors.put(info.name, tensor) != null) {
                throw cursor.damaged(info.at, "each tensor name once", info.name + " again");
            }
        }
        checkOverlap(infos);
        return tensors;
    }

    private void checkOverlap(List<Info> infos) {
        List<Info> sorted = new ArrayList<>(infos);
        sorted.sort(Comparator.comparingLong(Info::offset).thenComparingLong(Info::bytes));
        long end = 0;
        for (Info info : sorted) {
            if (info.offset < end) {
                throw cursor.damaged(
                        info.at,
                        "%s to begin at data byte %d or later".formatted(info.name, end),
                        Long.toString(info.offset));
            }
            end = info.offset + info.bytes;
        }
    }
}
