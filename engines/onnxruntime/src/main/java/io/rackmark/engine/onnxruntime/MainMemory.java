package io.rackmark.engine.onnxruntime;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refuses what main memory cannot hold: the kernel grants more than it has, then kills. */
final class MainMemory {
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
    private static final double GIB = 1L << 30;

    private MainMemory() {}

    /**
     * @param bytes that will be written to; a double, since products of sizes may overflow
     * @param what needs them, and what to ask for instead
     * @throws EngineException of kind {@code OUT_OF_MEMORY}
     */
    static void require(double bytes, String what, String instead) {
        long available = availableBytes();
        if (bytes > available) {
            throw new EngineException(
                    Kind.OUT_OF_MEMORY,
                    "%s needs %.1f GiB, available are %.1f GiB; %s"
                            .formatted(what, bytes / GIB, available / GIB, instead));
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
