package io.rackmark.engine.llamacpp;

import io.rackmark.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses a KV cache that main memory cannot hold: llama.cpp writes to all of it, and the kernel
 * grants more than it has and then ends the process.
 */
final class MemoryNeed {
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

    private MemoryNeed() {}

    static void check(LlamaLibrary library, MemorySegment model, NativeModel.Settings settings) {
        LlamaFunctions functions = library.functions();
        long heads = Math.max(1, functions.modelHeads.toInt(model));
        long width =
                functions.modelWidth.toInt(model) / heads * functions.modelKvHeads.toInt(model);
        double tokens =
                library.kvCache()
                        .cells(settings.contextTokens(), settings.slots(), settings.batch());
        long bytes = settings.kvFloats() ? 2 * Float.BYTES : 2 * Short.BYTES; // a key and a value
        double needed = tokens * functions.modelLayers.toInt(model) * width * bytes;
        long available = availableBytes();
        if (settings.gpu().isEmpty() && needed > available) {
            throw new EngineException(
                    EngineException.Kind.OUT_OF_MEMORY,
                    ("the KV cache of %d slots of %d tokens needs %.1f GiB, available are %.1f GiB;"
                                    + " ask for fewer slots or a shorter context")
                            .formatted(
                                    settings.slots(),
                                    settings.contextTokens(),
                                    needed / (1L << 30),
                                    available / (double) (1L << 30)));
        }
    }

    private static long availableBytes() {
        try {
            Matcher matcher = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
            return matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 : Long.MAX_VALUE;
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
