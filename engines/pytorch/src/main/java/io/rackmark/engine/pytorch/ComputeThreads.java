package io.rackmark.engine.pytorch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** How many threads compute when nobody says. */
final class ComputeThreads {
    private ComputeThreads() {}

    /** All physical cores but one, which is left to the harness; at least one. */
    static int byDefault() {
        int available = Runtime.getRuntime().availableProcessors();
        int physical = physicalCores(Path.of("/sys/devices/system/cpu"));
        return byDefault(physical == 0 ? available : Math.min(physical, available));
    }

    static int byDefault(int cores) {
        return Math.max(1, cores - 1);
    }

    /** Distinct groups of sibling hardware threads; 0 when the kernel does not tell. */
    static int physicalCores(Path cpus) {
        Set<String> groups = new HashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(cpus, "cpu[0-9]*")) {
            for (Path cpu : entries) {
                Path siblings = cpu.resolve("topology/thread_siblings_list");
                if (Files.isReadable(siblings)) {
                    groups.add(Files.readString(siblings).strip());
                }
            }
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
        return groups.size();
    }
}
