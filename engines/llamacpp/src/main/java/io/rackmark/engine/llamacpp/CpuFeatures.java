package io.rackmark.engine.llamacpp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Refuses the shipped library where it would die of an illegal instruction: it was compiled for the
 * instructions of one build machine and looks at no CPU.
 */
final class CpuFeatures {
    /** As {@code llama_print_system_info} of the shipped x86-64 library lists them. */
    private static final List<String> SHIPPED_X86_64 = List.of("avx2", "bmi2", "f16c", "fma");

    private CpuFeatures() {}

    static void require(LibraryFile file) {
        boolean asked =
                file.source() == LibraryFile.Source.SHIPPED
                        && Platform.current() == Platform.LINUX_X86_64;
        if (asked) {
            List<String> missing = missing(cpuInfo());
            if (!missing.isEmpty()) {
                throw new UnusableLibraryException(
                        "this CPU lacks %s, which the shipped library needs"
                                .formatted(String.join(", ", missing)),
                        UnusableLibraryException.BUILD_REMEDY);
            }
        }
    }

    /**
     * Instructions the shipped library needs and the CPU lacks.
     *
     * @param cpuInfo content of /proc/cpuinfo; nothing is missing when it tells no flags
     */
    static List<String> missing(String cpuInfo) {
        return cpuInfo.lines()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Set.of(distinctWords(line)))
                .map(
                        flags ->
                                SHIPPED_X86_64.stream()
                                        .filter(flag -> !flags.contains(flag))
                                        .toList())
                .orElse(List.of());
    }

    private static String[] distinctWords(String line) {
        return Stream.of(line.split("\\s+")).distinct().toArray(String[]::new);
    }

    private static String cpuInfo() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"));
        } catch (IOException e) {
            return "";
        }
    }
}
