package io.rackmark.runner.result;

import java.util.Locale;

/** How far an energy figure can be trusted; the order is from best to worst. */
public enum EnergyGrade {
    /** A meter at the plug, logged independently of this machine. */
    A,
    /** An energy counter in the hardware. */
    B,
    /** Power readings, integrated. */
    C,
    /** The window is under 10 s or holds few steps of the counter: the edges weigh too much. */
    SHORT,
    /** Counter and integrated power differ by more than 5 %. */
    D,
    /** Estimated, not measured. */
    E;

    /** As printed: a letter, or {@code short}. */
    public String label() {
        return this == SHORT ? name().toLowerCase(Locale.ROOT) : name();
    }

    /** The worse of two. */
    public EnergyGrade worse(EnergyGrade other) {
        return compareTo(other) < 0 ? other : this;
    }
}
