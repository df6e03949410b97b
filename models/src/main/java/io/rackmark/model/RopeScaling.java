package io.rackmark.model;

/** How rotary position frequencies are stretched beyond the trained context. */
public sealed interface RopeScaling {
    /** Frequencies as trained. */
    record None() implements RopeScaling {}

    /** Positions divided by {@code factor}. */
    record Linear(double factor) implements RopeScaling {}

    /**
     * Llama 3.1's scaling by wavelength: long waves are divided by {@code factor}, short ones kept,
     * those between interpolated.
     *
     * @param originalContext tokens of the context before stretching
     */
    record Llama3(double factor, double lowFrequency, double highFrequency, int originalContext)
            implements RopeScaling {}
}
