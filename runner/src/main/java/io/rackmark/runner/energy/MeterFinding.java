package io.rackmark.runner.energy;

import org.jspecify.annotations.Nullable;

/**
 * A kind of meter as it was found on this machine.
 *
 * @param meter {@code rapl}, {@code nvml}, {@code hwmon}, {@code ipmi} or {@code tdp}
 * @param state whether it can be read
 * @param message what it meters, or why it cannot be read and what to do about it
 * @param opened the meter; null unless usable
 */
public record MeterFinding(String meter, State state, String message, @Nullable Meter opened) {

    public enum State {
        USABLE,
        /** The machine has none. */
        ABSENT,
        /** The machine has one, but it cannot be read as things are. */
        DENIED
    }

    static MeterFinding usable(String name, String message, Meter meter) {
        return new MeterFinding(name, State.USABLE, message, meter);
    }

    static MeterFinding absent(String name, String message) {
        return new MeterFinding(name, State.ABSENT, message, null);
    }

    static MeterFinding denied(String name, String message) {
        return new MeterFinding(name, State.DENIED, message, null);
    }
}
