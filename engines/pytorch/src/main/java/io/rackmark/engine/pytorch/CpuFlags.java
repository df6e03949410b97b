package io.rackmark.engine.pytorch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Instruction sets of the CPU, under the kernel's names. */
record CpuFlags(Set<String> names) {
    CpuFlags {
        names = Set.copyOf(names);
    }

    static CpuFlags current() {
        try {
            return parse(Files.readString(Path.of("/proc/cpuinfo")));
        } catch (IOException e) {
            return new CpuFlags(Set.of());
        }
    }

    /**
     * Flags of the first CPU.
     *
     * @param cpuInfo content of /proc/cpuinfo
     */
    static CpuFlags parse(String cpuInfo) {
        return new CpuFlags(
                cpuInfo.lines()
                        .filter(line -> line.startsWith("flags"))
                        .findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .map(line -> Arrays.stream(line.split("\\s+", -1)))
                        .map(words -> words.collect(Collectors.toSet()))
                        .orElse(Set.of()));
    }

    /** Whether bfloat16 products are instructions; without them they are slower than f32. */
    boolean hasBfloat16() {
        return names.contains("avx512_bf16") || names.contains("amx_bf16");
    }

    /** Whether oneDNN takes bfloat16 at all, if only by conversion. */
    boolean lets16BitIntoOneDnn() {
        return names.containsAll(List.of("avx512bw", "avx512vl", "avx512dq"));
    }
}
