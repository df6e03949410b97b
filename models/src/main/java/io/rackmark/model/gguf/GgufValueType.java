package io.rackmark.model.gguf;

import java.util.Optional;

/** {@code gguf_metadata_value_type}: the type of a metadata value. */
public enum GgufValueType {
    UINT8(0, 1),
    INT8(1, 1),
    UINT16(2, 2),
    INT16(3, 2),
    UINT32(4, 4),
    INT32(5, 4),
    FLOAT32(6, 4),
    BOOL(7, 1),
    STRING(8, 8),
    ARRAY(9, 12),
    UINT64(10, 8),
    INT64(11, 8),
    FLOAT64(12, 8);

    private final int id;
    private final int minimumBytes;

    GgufValueType(int id, int minimumBytes) {
        this.id = id;
        this.minimumBytes = minimumBytes;
    }

    /** Number in the file. */
    int id() {
        return id;
    }

    /** Bytes of the shortest value: strings and arrays have at least their length field. */
    int minimumBytes() {
        return minimumBytes;
    }

    static Optional<GgufValueType> of(int id) {
        for (GgufValueType type : values()) {
            if (type.id == id) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
