package io.rackmark.runner.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How energy is measured.
 *
 * @param meters {@code auto}, {@code none}, or names of meters that must be readable
 * @param tdpWatts rated power of all CPUs, for an estimate of grade E; 0 asks for none
 * @param wallCsv log of a wall meter; null without one
 * @param idleSeconds idle baseline before each cell, in seconds; 0 takes none
 */
public record EnergyPlan(
        List<String> meters, int tdpWatts, @Nullable String wallCsv, int idleSeconds) {

    /** What {@code meters} may hold. */
    public static final List<String> METERS =
            List.of("auto", "none", "rapl", "nvml", "hwmon", "ipmi");

    public EnergyPlan {
        meters = List.copyOf(meters);
    }

    /** The same with another wall-meter log. */
    public EnergyPlan withWallCsv(String file) {
        return new EnergyPlan(meters, tdpWatts, file, idleSeconds);
    }
}
