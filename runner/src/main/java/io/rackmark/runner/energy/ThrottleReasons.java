package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergySeries;
import java.util.Arrays;
import java.util.List;

/**
 * Why a GPU runs slower than it could: bits of nvmlClocksEventReasons in nvml.h. Idleness, settings
 * by the user and synchronisation are reasons too, but contaminate nothing.
 */
enum ThrottleReasons {
    SW_POWER_CAP(0x4, "power cap"),
    HW_SLOWDOWN(0x8, "hardware slowdown"),
    SW_THERMAL_SLOWDOWN(0x20, "heat, by the driver"),
    HW_THERMAL_SLOWDOWN(0x40, "heat, by the hardware"),
    HW_POWER_BRAKE_SLOWDOWN(0x80, "power brake");

    private final long bit;
    private final String words;

    ThrottleReasons(long bit, String words) {
        this.bit = bit;
        this.words = words;
    }

    /** The contaminating reasons that any sample of the series has. */
    static List<String> names(EnergySeries series) {
        long seen = series.values().stream().mapToLong(Long::longValue).reduce(0, (a, b) -> a | b);
        return Arrays.stream(values())
                .filter(reason -> (seen & reason.bit) != 0)
                .map(reason -> reason.words)
                .toList();
    }
}
