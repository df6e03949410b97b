package io.rackmark.model.gguf;

import java.util.List;

/** {@code gguf_metadata_value_t}: one typed metadata value. */
public sealed interface GgufValue {
    GgufValueType type();

    /** UINT8 … INT64. UINT64 above 2^63 - 1 is kept as its bits. */
    record Whole(GgufValueType type, long value) implements GgufValue {}

    /** FLOAT32 or FLOAT64. */
    record Real(GgufValueType type, double value) implements GgufValue {}

    record Bool(boolean value) implements GgufValue {
        @Override
        public GgufValueType type() {
            return GgufValueType.BOOL;
        }
    }

    record Text(String value) implements GgufValue {
        @Override
        public GgufValueType type() {
            return GgufValueType.STRING;
        }
    }

    /** Values of one type; may be nested. */
    record Array(GgufValueType elementType, List<GgufValue> values) implements GgufValue {
        public Array {
            values = List.copyOf(values);
        }

        @Override
        public GgufValueType type() {
            return GgufValueType.ARRAY;
        }
    }

    static GgufValue uint32(long value) {
        return new Whole(GgufValueType.UINT32, value);
    }

    static GgufValue float32(double value) {
        return new Real(GgufValueType.FLOAT32, (float) value);
    }

    static GgufValue bool(boolean value) {
        return new Bool(value);
    }

    static GgufValue text(String value) {
        return new Text(value);
    }

    static GgufValue texts(List<String> values) {
        return new Array(GgufValueType.STRING, values.stream().<GgufValue>map(Text::new).toList());
    }

    static GgufValue int32s(List<Integer> values) {
        return new Array(
                GgufValueType.INT32,
                values.stream()
                        .<GgufValue>map(value -> new Whole(GgufValueType.INT32, value))
                        .toList());
    }

    static GgufValue float32s(List<Double> values) {
        return new Array(
                GgufValueType.FLOAT32, values.stream().map(value -> float32(value)).toList());
    }
}
