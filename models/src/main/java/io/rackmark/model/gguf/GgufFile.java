package io.rackmark.model.gguf;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * A memory-mapped GGUF file. Opening checks header, metadata and tensor table; the data itself is
 * paged in on use. Thread-safe; closing unmaps the file, after which tensors must not be touched.
 */
public final class GgufFile implements AutoCloseable {
    private final Path path;
    private final Arena arena;
    private final GgufHeader header;

    private GgufFile(Path path, Arena arena, GgufHeader header) {
        this.path = path;
        this.arena = arena;
        this.header = header;
    }

    /**
     * Maps the file and checks its header.
     *
     * @throws ModelException when it is missing, damaged or of an unknown version
     */
    public static GgufFile open(Path path) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new GgufFile(path, arena, new GgufHeaderReader(path, bytes).read());
        } catch (NoSuchFileException e) {
            arena.close();
            throw new ModelException(Kind.NOT_FOUND, "no such file: " + path, e);
        } catch (IOException e) {
            arena.close();
            throw new ModelException(
                    Kind.ENVIRONMENT, "cannot read %s: %s".formatted(path, e.getMessage()), e);
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    /** Format version, 2 or 3. */
    public int version() {
        return header.version();
    }

    /** All metadata by key, in file order. */
    public Map<String, GgufValue> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /** All tensors by name, in file order. */
    public Map<String, GgufTensor> tensors() {
        return Collections.unmodifiableMap(header.tensors());
    }

    /**
     * The tensor of this name.
     *
     * @throws ModelException when there is none
     */
    public GgufTensor tensor(String name) {
        GgufTensor tensor = header.tensors().get(name);
        if (tensor == null) {
            throw new ModelException(Kind.DAMAGED, path + " has no tensor " + name);
        }
        return tensor;
    }

    /** The string under this key, if there is one. */
    public Optional<String> text(String key) {
        return header.metadata().get(key) instanceof GgufValue.Text text
                ? Optional.of(text.value())
                : Optional.empty();
    }

    /** The whole number under this key, if there is one. */
    public Optional<Long> whole(String key) {
        return header.metadata().get(key) instanceof GgufValue.Whole whole
                ? Optional.of(whole.value())
                : Optional.empty();
    }

    @Override
    public void close() {
        arena.close();
    }
}
