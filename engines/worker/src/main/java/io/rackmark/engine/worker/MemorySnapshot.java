package io.rackmark.engine.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Memory of one process in bytes; null where the system does not tell.
 *
 * @param rssBytes resident set (VmRSS)
 * @param peakRssBytes highest resident set so far (VmHWM)
 * @param mappedFileBytes resident file-backed pages (RssFile)
 * @param swapBytes swapped out (VmSwap)
 */
public record MemorySnapshot(
        @Nullable Long rssBytes,
        @Nullable Long peakRssBytes,
        @Nullable Long mappedFileBytes,
        @Nullable Long swapBytes) {

    private static final Pattern LINE = Pattern.compile("(\\w+):\\s+(\\d{1,15}) kB");

    /** Of a running process, from {@code /proc/<pid>/status}; all null where there is none. */
    public static MemorySnapshot ofProcess(long pid) {
        try {
            return parse(Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")));
        } catch (IOException e) {
            return new MemorySnapshot(null, null, null, null);
        }
    }

    static MemorySnapshot parse(List<String> status) {
        return new MemorySnapshot(
                value(status, "VmRSS"),
                value(status, "VmHWM"),
                value(status, "RssFile"),
                value(status, "VmSwap"));
    }

    private static @Nullable Long value(List<String> status, String name) {
        OptionalLong bytes =
                status.stream()
                        .map(LINE::matcher)
                        .filter(Matcher::matches)
                        .filter(line -> line.group(1).equals(name))
                        .mapToLong(line -> 1024 * Long.parseLong(line.group(2)))
                        .findFirst();
        return bytes.isPresent() ? bytes.getAsLong() : null;
    }
}
