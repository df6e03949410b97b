package io.rackmark.runner.result;

import org.jspecify.annotations.Nullable;

/**
 * One value that a meter tells again and again.
 *
 * @param id unique among the meters of a run: {@code rapl-package/0}
 * @param source of the energy; null for a channel that is no energy, such as a clock
 * @param scope what is metered, for people: {@code CPU package 0}
 * @param device channels of the same device share it: {@code gpu0}
 * @param quantity what the values are
 * @param wrap greatest value of a counter before it begins again at 0; null when it never does
 */
public record EnergyChannel(
        String id,
        @Nullable EnergySource source,
        String scope,
        String device,
        Quantity quantity,
        @Nullable Long wrap) {

    /** Quantity and unit of the values. */
    public enum Quantity {
        /** A counter that only grows. */
        ENERGY_MICROJOULES,
        POWER_MICROWATTS,
        SM_CLOCK_MEGAHERTZ,
        MEMORY_CLOCK_MEGAHERTZ,
        TEMPERATURE_CELSIUS,
        /** Bits of nvmlClocksEventReasons. */
        THROTTLE_REASONS,
        /** Device memory of the worker's process. */
        WORKER_MEMORY_BYTES,
        /** Processes on the device besides the worker. */
        OTHER_PROCESSES
    }

    /** A channel of energy or power. */
    public boolean metersEnergy() {
        return source != null;
    }
}
