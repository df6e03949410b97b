package io.rackmark.engine.llamacpp;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.decoder.MainMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;

/** What a model and its KV cache need of main memory: llama.cpp writes to all of the cache. */
final class MemoryNeed {
    private MemoryNeed() {}

    /** Before the file is mapped, which reads it. */
    static void checkWeights(NativeModel.Settings settings) {
        if (settings.gpu().isEmpty()) {
            MainMemory.require(fileBytes(settings), 0, settings.slots(), settings.contextTokens());
        }
    }

    static void check(LlamaLibrary library, MemorySegment model, NativeModel.Settings settings) {
        if (settings.gpu().isPresent()) {
            return;
        }
        LlamaFunctions functions = library.functions();
        long heads = Math.max(1, functions.modelHeads.toInt(model));
        long width =
                functions.modelWidth.toInt(model) / heads * functions.modelKvHeads.toInt(model);
        double tokens =
                library.kvCache()
                        .cells(settings.contextTokens(), settings.slots(), settings.batch());
        long bytes = settings.kvFloats() ? 2 * Float.BYTES : 2 * Short.BYTES; // a key and a value
        double cache = tokens * functions.modelLayers.toInt(model) * width * bytes;
        // Mapped weights count as available until the cache displaces them.
        MainMemory.require(
                settings.mmap() ? fileBytes(settings) : 0,
                cache,
                settings.slots(),
                settings.contextTokens());
    }

    private static double fileBytes(NativeModel.Settings settings) {
        try {
            return Files.size(settings.file());
        } catch (IOException e) {
            throw new EngineException(
                    EngineException.Kind.BAD_MODEL,
                    "cannot read %s: %s".formatted(settings.file(), e.getMessage()),
                    e);
        }
    }
}
