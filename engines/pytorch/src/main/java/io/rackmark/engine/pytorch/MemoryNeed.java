package io.rackmark.engine.pytorch;

import io.rackmark.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses what main memory cannot hold: the kernel grants more than it has and then ends the
 * process.
 */
final class MemoryNeed {
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
    private static final double GIB = 1L << 30;

    private MemoryNeed() {}

    /**
     * @param weightBytes of copies; weights used where they are mapped need none
     */
    static void check(NetworkShape shape, long weightBytes) {
        check(shape, weightBytes, availableBytes());
    }

    static void check(NetworkShape shape, long weightBytes, long available) {
        // A product of four numbers from files and flags: checked without overflow.
        double cache =
                2.0
                        * shape.config().layers()
                        * shape.slots()
                        * shape.tokens()
                        * shape.config().keyValueWidth()
                        * shape.width();
        if (cache + weightBytes > available || shape.tableBytes() > Integer.MAX_VALUE) {
            throw new EngineException(
                    EngineException.Kind.OUT_OF_MEMORY,
                    ("the KV cache of %d slots of %d tokens needs %.1f GiB and the weights %.1f"
                                    + " GiB, available are %.1f GiB; ask for fewer slots or a"
                                    + " shorter context")
                            .formatted(
                                    shape.slots(),
                                    shape.tokens(),
                                    cache / GIB,
                                    weightBytes / GIB,
                                    available / GIB));
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
