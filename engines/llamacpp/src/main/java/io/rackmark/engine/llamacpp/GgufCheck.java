package io.rackmark.engine.llamacpp;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks a GGUF header before llama.cpp does. llama.cpp reports many faults, but ends the process on
 * others and allocates what a damaged count asks for. Layout: docs/gguf.md of the ggml project.
 */
final class GgufCheck {
    private static final long MAGIC = 0x46554747; // "GGUF"
    private static final int MAX_DIMENSIONS = 4; // GGML_MAX_DIMS
    private static final int MAX_NAME = 63; // GGML_MAX_NAME without the terminator
    private static final int MIN_PAIR = 8 + 4 + 1; // key length, type, value
    private static final int MIN_TENSOR = 8 + 4 + 4 + 8; // name length, dimensions, type, offset
    private static final int DEFAULT_ALIGNMENT = 32;

    private final GgufBytes in;
    private final TensorTypes types;
    private final Map<String, GgufValue> metadata = new HashMap<>();

    /** {@code enum ggml_type} as the library knows it. */
    interface TensorTypes {

        /** Size of a tensor of this type whose rows are {@code rowElements} long; null if none. */
        @Nullable Long rowBytes(long type, long rowElements);
    }

    private GgufCheck(GgufBytes in, TensorTypes types) {
        this.in = in;
        this.types = types;
    }

    /**
     * @throws io.rackmark.engine.EngineException of kind {@code BAD_MODEL} naming the first fault
     */
    static void check(Path file, TensorTypes types) {
        if (!Files.isRegularFile(file)) {
            throw GgufBytes.fault(
                    file, Files.isDirectory(file) ? "it is a directory" : "it does not exist");
        }
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            check(
                    file,
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena),
                    types);
        } catch (IOException e) {
            throw GgufBytes.fault(file, "it cannot be read: " + e);
        }
    }

    /**
     * @param content of {@code file}
     */
    static void check(Path file, MemorySegment content, TensorTypes types) {
        new GgufCheck(new GgufBytes(file, content), types).walk(content.byteSize());
    }

    private void walk(long fileSize) {
        if (fileSize < 24) {
            throw in.fault("it is only %d bytes long".formatted(fileSize));
        }
        if (in.u32() != MAGIC) {
            throw in.fault("it does not begin with the letters GGUF");
        }
        long version = in.u32();
        if (version < 2 || version > 3) {
            throw in.fault("its version is %d, known are 2 and 3".formatted(version));
        }
        long tensors = in.count("tensor count", MIN_TENSOR);
        long pairs = in.count("key count", MIN_PAIR);
        for (long i = 0; i < pairs; i++) {
            readPair();
        }
        GgufRules.check(in, metadata);
        readTensors(tensors, fileSize);
    }

    private void readPair() {
        String key = in.string();
        if (metadata.put(key, GgufValue.read(in, key)) != null) {
            throw in.fault("key '%s' occurs twice".formatted(key));
        }
    }

    private long alignment() {
        return switch (metadata.get("general.alignment")) {
            case GgufValue.Numeric(long type, double value)
                    when type == GgufValue.UINT32
                            && value > 0
                            && Long.bitCount((long) value) == 1 ->
                    (long) value;
            case null -> DEFAULT_ALIGNMENT;
            default -> throw in.fault("general.alignment is no power of two of type uint32");
        };
    }

    private void readTensors(long tensors, long fileSize) {
        Set<String> names = new HashSet<>();
        long alignment = alignment();
        long dataEnd = 0; // of the tensors so far, padded
        long end = 0; // of the last of them
        String last = "";
        for (long i = 0; i < tensors; i++) {
            last = in.string();
            if (last.length() > MAX_NAME || !names.add(last)) {
                throw in.fault("tensor name '%s' is too long or occurs twice".formatted(last));
            }
            long size = tensorBytes(last);
            long offset = in.u64();
            if (offset != dataEnd) {
                throw in.fault(
                        "tensor '%s' begins at data offset %d, expected %d"
                                .formatted(last, offset, dataEnd));
            }
            end = offset + size;
            dataEnd = padded(end, alignment);
            if (dataEnd < 0 || end > fileSize) {
                throw truncated(last, fileSize);
            }
        }
        if (tensors > 0 && padded(in.offset(), alignment) + end > fileSize) {
            throw truncated(last, fileSize);
        }
    }

    private RuntimeException truncated(String tensor, long fileSize) {
        return in.fault(
                "tensor '%s' ends beyond its %d bytes, it was cut short"
                        .formatted(tensor, fileSize));
    }

    private static long padded(long offset, long alignment) {
        return (offset + alignment - 1) / alignment * alignment;
    }

    private long tensorBytes(String name) {
        long dimensions = in.u32();
        if (dimensions > MAX_DIMENSIONS) {
            throw in.fault("tensor '%s' has %d dimensions".formatted(name, dimensions));
        }
        long row = 1;
        long rows = 1;
        for (int i = 0; i < dimensions; i++) {
            long extent = in.u64();
            if (extent < 1 || extent > Integer.MAX_VALUE || rows > Long.MAX_VALUE / 16 / extent) {
                throw in.fault(
                        "tensor '%s' has %s elements in dimension %d"
                                .formatted(name, Long.toUnsignedString(extent), i));
            }
            if (i == 0) {
                row = extent;
            } else {
                rows *= extent;
            }
        }
        long type = in.u32();
        Long rowBytes = types.rowBytes(type, row);
        if (rowBytes == null || rowBytes > Long.MAX_VALUE / 2 / rows) {
            throw in.fault(
                    "tensor '%s' of %d columns has the unusable type %d"
                            .formatted(name, row, type));
        }
        return rowBytes * rows;
    }
}
