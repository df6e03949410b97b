package io.rackmark.engine.llamacpp;

import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A struct of parameters that llama.cpp takes by value.
 *
 * @param layout as the tag's llama.h declares it, each field named
 * @param defaults what the library's own function fills in, by field; fields that depend on the
 *     build are left out
 */
record ParamStruct(StructLayout layout, Map<String, Object> defaults) {

    ParamStruct {
        // Map.copyOf would lose the order in which faults are told.
        defaults = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
    }

    /** Whether a library that wrote so many bytes filled this struct; some write its padding. */
    boolean fits(long written) {
        boolean padded = layout.memberLayouts().getLast() instanceof PaddingLayout;
        long padding = padded ? layout.memberLayouts().getLast().byteSize() : 0;
        return written >= layout.byteSize() - padding && written <= layout.byteSize();
    }

    /** Fields that do not hold this tag's defaults, each with what it holds. */
    List<String> unexpected(MemorySegment struct) {
        List<String> faults = new ArrayList<>();
        defaults.forEach(
                (field, expected) -> {
                    Object found = get(struct, field);
                    if (!found.equals(expected)) {
                        faults.add("%s is %s instead of %s".formatted(field, found, expected));
                    }
                });
        return faults;
    }

    private Object get(MemorySegment struct, String field) {
        return switch (layout.select(PathElement.groupElement(field))) {
            case ValueLayout.OfInt ints -> struct.get(ints, offset(field));
            case ValueLayout.OfFloat floats -> struct.get(floats, offset(field));
            // A byte that is neither 0 nor 1 would read as true.
            default -> flag(struct.get(ValueLayout.JAVA_BYTE, offset(field)));
        };
    }

    private static Object flag(byte value) {
        return value == 0 || value == 1 ? (Object) (value == 1) : (Object) value;
    }

    void set(MemorySegment struct, String field, int value) {
        struct.set(ValueLayout.JAVA_INT, offset(field), value);
    }

    void set(MemorySegment struct, String field, boolean value) {
        struct.set(ValueLayout.JAVA_BOOLEAN, offset(field), value);
    }

    void set(MemorySegment struct, String field, MemorySegment value) {
        struct.set(ValueLayout.ADDRESS, offset(field), value);
    }

    private long offset(String field) {
        return layout.byteOffset(PathElement.groupElement(field));
    }
}
