package io.rackmark.data;

import java.util.Arrays;
import java.util.HexFormat;

/** One value of a result, with SQLite's storage classes. */
public sealed interface Cell {
    /** INTEGER. */
    record Whole(long value) implements Cell {}

    /** REAL. */
    record Real(double value) implements Cell {}

    /** TEXT. */
    record Text(String value) implements Cell {}

    /** BLOB. */
    final class Blob implements Cell {
        private final byte[] bytes;

        /** Copies the bytes. */
        public Blob(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        /** A copy of the bytes. */
        public byte[] bytes() {
            return bytes.clone();
        }

        /** Number of bytes. */
        public int size() {
            return bytes.length;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Blob blob && Arrays.equals(bytes, blob.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Blob[" + bytes.length + " bytes]";
        }
    }

    /** NULL. */
    record Null() implements Cell {}

    /** The value as a person would read it: {@code NULL} for null, hexadecimal for a blob. */
    default String display() {
        return switch (this) {
            case Whole whole -> Long.toString(whole.value);
            case Real real -> Double.toString(real.value);
            case Text text -> text.value;
            case Blob blob -> "x'" + HexFormat.of().formatHex(blob.bytes) + "'";
            case Null _ -> "NULL";
        };
    }
}
