package io.rackmark.model.torchscript;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes pickle protocol 2 with the opcodes that {@code torch::jit::Unpickler} reads, under their
 * names in Python's {@code pickletools}.
 */
final class Pickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Pickle() {
        op(0x80).op(2); // PROTO
    }

    private Pickle op(int code) {
        out.write(code);
        return this;
    }

    Pickle mark() {
        return op('(');
    }

    Pickle tuple() {
        return op('t');
    }

    Pickle emptyTuple() {
        return op(')');
    }

    Pickle emptyList() {
        return op(']');
    }

    Pickle appends() {
        return op('e');
    }

    Pickle emptyDict() {
        return op('}');
    }

    Pickle setItems() {
        return op('u');
    }

    Pickle reduce() {
        return op('R');
    }

    Pickle newObject() {
        return op(0x81); // NEWOBJ
    }

    Pickle build() {
        return op('b');
    }

    Pickle bool(boolean value) {
        return op(value ? 0x88 : 0x89); // NEWTRUE, NEWFALSE
    }

    Pickle global(String module, String name) {
        op('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    Pickle text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        op('X').littleEndian(bytes.length, Integer.BYTES); // BINUNICODE
        out.writeBytes(bytes);
        return this;
    }

    Pickle number(long value) {
        if (value >= 0 && value <= 0xff) {
            return op('K').op((int) value); // BININT1
        }
        if (value == (int) value) {
            return op('J').littleEndian(value, Integer.BYTES); // BININT
        }
        return op(0x8a).op(Long.BYTES).littleEndian(value, Long.BYTES); // LONG1
    }

    /** A contiguous tensor; its elements are record {@code data/KEY}. */
    Pickle tensor(String key, String storage, List<Long> shape) {
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        global("torch._utils", "_rebuild_tensor_v2").mark();
        mark().text("storage").global("torch", storage).text(key).text("cpu").number(elements);
        tuple().op('Q').number(0); // BINPERSID, then the offset in the storage
        numbers(shape).numbers(strides(shape));
        bool(false).global("collections", "OrderedDict").emptyTuple().reduce();
        return tuple().reduce();
    }

    private Pickle numbers(List<Long> values) {
        mark();
        values.forEach(this::number);
        return tuple();
    }

    private static List<Long> strides(List<Long> shape) {
        Long[] strides = new Long[shape.size()];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape.get(i);
        }
        return List.of(strides);
    }

    private Pickle littleEndian(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >>> (8 * i)));
        }
        return this;
    }

    /** Ends the pickle. */
    byte[] bytes() {
        op('.');
        return out.toByteArray();
    }
}
