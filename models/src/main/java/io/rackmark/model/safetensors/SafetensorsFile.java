package io.rackmark.model.safetensors;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A memory-mapped safetensors file. Opening checks the whole header; the data itself is paged in on
 * use. Thread-safe; closing unmaps the file, after which tensors must not be touched.
 */
public final class SafetensorsFile implements AutoCloseable {
    private static final ValueLayout.OfLong U64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final Arena arena;
    private final Map<String, SafetensorsTensor> tensors;

    private SafetensorsFile(Path path, Arena arena, Map<String, SafetensorsTensor> tensors) {
        this.path = path;
        this.arena = arena;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Maps the file and checks its header.
     *
     * @throws ModelException when it is missing or damaged
     */
    public static SafetensorsFile open(Path path) {
        Arena arena = Arena.ofShared();
        try {
            return new SafetensorsFile(path, arena, read(path, arena));
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    private static Map<String, SafetensorsTensor> read(Path path, Arena arena) {
        MemorySegment file = map(path, arena);
        if (file.byteSize() < 8) {
            throw ModelException.damaged(
                    path, 0, "an 8-byte header length", file.byteSize() + " bytes in all");
        }
        long length = file.get(U64, 0);
        long most = Math.min(SafetensorsHeader.MAX_BYTES, file.byteSize() - 8);
        if (length < 2 || length > most) {
            throw ModelException.damaged(
                    path, 0, "a header length from 2 to " + most, Long.toUnsignedString(length));
        }
        byte[] json = file.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
        List<SafetensorsHeader.Entry> entries = new SafetensorsHeader(path, json).parse();
        long dataStart = 8 + length;
        SafetensorsHeader.checkCoverage(path, entries, file.byteSize() - dataStart);
        Map<String, SafetensorsTensor> tensors = new LinkedHashMap<>();
        for (SafetensorsHeader.Entry entry : entries) {
            long start = dataStart + entry.begin();
            tensors.put(
                    entry.name(),
                    new SafetensorsTensor(
                            entry.name(),
                            entry.dtype(),
                            entry.shape(),
                            start,
                            file.asSlice(start, entry.end() - entry.begin())));
        }
        return tensors;
    }

    private static MemorySegment map(Path path, Arena arena) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new ModelException(Kind.NOT_FOUND, "no such file: " + path, e);
        } catch (IOException e) {
            throw new ModelException(
                    Kind.ENVIRONMENT, "cannot read %s: %s".formatted(path, e.getMessage()), e);
        }
    }

    public Path path() {
        return path;
    }

    /** All tensors by name, in the order of the header. */
    public Map<String, SafetensorsTensor> tensors() {
        return tensors;
    }

    /**
     * The tensor of this name.
     *
     * @throws ModelException when there is none
     */
    public SafetensorsTensor tensor(String name) {
        SafetensorsTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelException(Kind.DAMAGED, path + " has no tensor " + name);
        }
        return tensor;
    }

    @Override
    public void close() {
        arena.close();
    }
}
