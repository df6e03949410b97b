package io.rackmark.engine.decoder;

import io.rackmark.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses what main memory cannot hold: the kernel grants more than it has, and then ends the
 * process, or reads mapped weights from the disk again for every token.
 */
public final class MainMemory {
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
    private static final double GIB = 1L << 30;

    private MainMemory() {}

    /**
     * Sizes are doubles, since products of numbers from files and flags may overflow.
     *
     * @param weights bytes, copied or mapped
     * @param cache bytes of all keys and values
     * @throws EngineException of kind {@code OUT_OF_MEMORY}
     */
    public static void require(double weights, double cache, int slots, int contextTokens) {
        require(weights, cache, slots, contextTokens, available());
    }

    static void require(
            double weights, double cache, int slots, int contextTokens, long available) {
        if (weights + cache > available) {
            throw new EngineException(
                    EngineException.Kind.OUT_OF_MEMORY,
                    "the weights need %.1f GiB and the KV cache of %d slots of %d tokens %.1f GiB, available are %.1f GiB; ask for fewer slots, a shorter context, a lower precision or a smaller model"
                            .formatted(
                                    weights / GIB,
                                    slots,
                                    contextTokens,
                                    cache / GIB,
                                    available / GIB));
        }
    }

    /** Bytes; more than any model needs where the system does not tell. */
    private static long available() {
        try {
            Matcher matcher = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
            return matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 : Long.MAX_VALUE;
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
