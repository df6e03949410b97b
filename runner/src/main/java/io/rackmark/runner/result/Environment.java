package io.rackmark.runner.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The machine and runtime of a run.
 *
 * @param os name and version
 * @param arch instruction set
 * @param cpu model name
 * @param logicalCpus processors the JVM may use
 * @param memoryBytes physical memory; null when unknown
 * @param jvm vendor and version of the runner's JVM
 * @param governor CPU frequency governor; null when the kernel does not tell
 * @param loadAverage 1-minute load before the run; null when unknown
 * @param more anything else, in order
 */
public record Environment(
        String os,
        String arch,
        String cpu,
        int logicalCpus,
        @Nullable Long memoryBytes,
        String jvm,
        @Nullable String governor,
        @Nullable Double loadAverage,
        List<Property> more) {
    /** Name of the property that tells local time at the beginning, such as {@code +01:00}. */
    public static final String UTC_OFFSET = "utc offset";

    public Environment {
        more = List.copyOf(more);
    }
}
