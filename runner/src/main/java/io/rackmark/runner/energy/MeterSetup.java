package io.rackmark.runner.energy;

import java.nio.file.Path;
import java.util.List;

/**
 * Which meters are wanted, and where the kernel's files are.
 *
 * @param sys usually {@code /sys}
 * @param proc usually {@code /proc}
 * @param wanted {@code auto}, {@code none}, or names of meters
 * @param tdpWatts rated power of the CPUs for the estimate; 0 asks for none
 */
public record MeterSetup(Sysfs sys, Sysfs proc, List<String> wanted, int tdpWatts) {
    public MeterSetup {
        wanted = List.copyOf(wanted);
    }

    /** This machine. */
    public static MeterSetup host(List<String> wanted, int tdpWatts) {
        return new MeterSetup(
                Sysfs.of(Path.of("/sys")), Sysfs.of(Path.of("/proc")), wanted, tdpWatts);
    }
}
