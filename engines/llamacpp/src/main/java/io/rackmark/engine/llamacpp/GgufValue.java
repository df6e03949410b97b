package io.rackmark.engine.llamacpp;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A metadata value, as far as {@link GgufRules} asks about it. */
sealed interface GgufValue {

    // enum gguf_type
    long UINT32 = 4;
    long INT32 = 5;
    long FLOAT32 = 6;
    long STRING = 8;
    long ARRAY = 9;

    /**
     * Bytes per value of types 0 to 12: u8, i8, u16, i16, u32, i32, f32, bool, string, array, u64,
     * i64, f64. A string has at least its length.
     */
    List<Integer> SIZES = List.of(1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8);

    /** Of type uint32, int32 or float32. */
    record Numeric(long type, double value) implements GgufValue {}

    record Text(String value) implements GgufValue {}

    /**
     * @param type of the elements
     * @param distinct whether no two strings are equal; true for other elements
     */
    record Array(long type, long length, boolean distinct) implements GgufValue {}

    record Other(long type) implements GgufValue {}

    static GgufValue read(GgufBytes in, String key) {
        long type = in.u32();
        if (type == ARRAY) {
            return readArray(in, key);
        }
        if (type == UINT32) {
            return new Numeric(type, in.u32());
        }
        if (type == INT32) {
            return new Numeric(type, (int) in.u32());
        }
        if (type == FLOAT32) {
            return new Numeric(type, in.f32());
        }
        if (type == STRING) {
            return new Text(in.string());
        }
        in.skip(size(in, key, type));
        return new Other(type);
    }

    private static GgufValue readArray(GgufBytes in, String key) {
        long type = in.u32();
        int size = size(in, key, type);
        if (type == ARRAY) {
            throw in.fault("key '%s' is an array of arrays".formatted(key));
        }
        long length = in.count("length of '" + key + "'", size);
        if (type != STRING) {
            in.skip(length * size);
            return new Array(type, length, true);
        }
        Set<String> seen = new HashSet<>();
        boolean distinct = true;
        for (long i = 0; i < length; i++) {
            distinct &= seen.add(in.string());
        }
        return new Array(type, length, distinct);
    }

    private static int size(GgufBytes in, String key, long type) {
        if (type >= SIZES.size()) {
            throw in.fault("key '%s' has the unknown type %d".formatted(key, type));
        }
        return SIZES.get((int) type);
    }
}
