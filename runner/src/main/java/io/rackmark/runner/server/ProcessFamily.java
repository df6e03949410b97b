package io.rackmark.runner.server;

import io.rackmark.engine.worker.MemorySnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one server: its session, its descendants, and whoever carries its marker in the
 * environment, as a process does that left both.
 *
 * @param root process id of the server, which is the id of its session and group, too
 * @param marker value of {@code RACKMARK_SERVER}
 */
record ProcessFamily(long root, String marker) {
    private static final Path PROC = Path.of("/proc");

    /** proc(5): pid (comm) state ppid pgrp session; comm may hold any character. */
    private static final Pattern STAT =
            Pattern.compile("\\d+ \\(.*\\) (\\S) (\\d+) (-?\\d+) (-?\\d+) .*", Pattern.DOTALL);

    private static final Pattern PSS = Pattern.compile("(?m)^Pss:\\s+(\\d{1,15}) kB$");
    private static final long KIBI = 1024;

    private record Stat(long parent, long group, long session) {}

    /** Ids of the processes that live, zombies left out. */
    Set<Long> pids() {
        Map<Long, Stat> all = processes();
        Set<Long> family = new TreeSet<>();
        all.forEach(
                (pid, stat) -> {
                    if (pid == root
                            || stat.group() == root
                            || stat.session() == root
                            || marked(pid)) {
                        family.add(pid);
                    }
                });
        int size;
        do {
            size = family.size();
            all.forEach(
                    (pid, stat) -> {
                        if (family.contains(stat.parent())) {
                            family.add(pid);
                        }
                    });
        } while (family.size() > size);
        return family;
    }

    /** Memory of all of them together. */
    ServerMemory memory() {
        List<Long> pids = List.copyOf(pids());
        List<MemorySnapshot> each = pids.stream().map(MemorySnapshot::ofProcess).toList();
        return new ServerMemory(
                pids.size(),
                sum(each, MemorySnapshot::rssBytes),
                sum(pids, ProcessFamily::pss),
                sum(each, MemorySnapshot::peakRssBytes),
                sum(each, MemorySnapshot::swapBytes));
    }

    /**
     * SIGKILL to what lives. Once the server has ended its process id may be another's: then only
     * processes with the marker are ours for certain.
     */
    void kill() {
        Set<Long> family = marked(root) ? pids() : marked();
        family.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private Set<Long> marked() {
        Set<Long> marked = new TreeSet<>(ids());
        marked.removeIf(pid -> !marked(pid));
        return marked;
    }

    /** Null unless every one is known: a part is not the sum. */
    private static <T> @Nullable Long sum(List<T> parts, Function<T, @Nullable Long> value) {
        long sum = 0;
        for (T part : parts) {
            @Nullable Long bytes = value.apply(part);
            if (bytes == null) {
                return null;
            }
            sum += bytes;
        }
        return parts.isEmpty() ? null : sum;
    }

    private static @Nullable Long pss(Long pid) {
        Matcher line = PSS.matcher(read(pid, "smaps_rollup"));
        return line.find() ? Long.valueOf(KIBI * Long.parseLong(line.group(1))) : null;
    }

    private boolean marked(long pid) {
        return ("\0" + read(pid, "environ")).contains("\0RACKMARK_SERVER=" + marker + "\0");
    }

    private static Map<Long, Stat> processes() {
        Map<Long, Stat> found = new HashMap<>();
        for (long pid : ids()) {
            Matcher stat = STAT.matcher(read(pid, "stat"));
            if (stat.matches() && !"ZX".contains(stat.group(1))) {
                found.put(
                        pid,
                        new Stat(
                                Long.parseLong(stat.group(2)),
                                Long.parseLong(stat.group(3)),
                                Long.parseLong(stat.group(4))));
            }
        }
        return found;
    }

    private static List<Long> ids() {
        List<Long> ids = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (Path folder : folders) {
                String name = folder.getFileName().toString();
                if (name.matches("\\d{1,10}")) {
                    ids.add(Long.valueOf(name));
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return ids;
    }

    /** Empty when the process is gone or another user's. */
    private static String read(long pid, String file) {
        try {
            return Files.readString(
                    PROC.resolve(Long.toString(pid)).resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
