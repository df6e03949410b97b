package io.rackmark.engine;

import org.jspecify.annotations.Nullable;

/**
 * One option of an engine.
 *
 * @param name lower-case, dashed, as written in a plan
 * @param kind how the value is read
 * @param defaultValue value when the plan is silent; null means unset
 * @param help one sentence: effect, unit, allowed values
 */
public record OptionSpec(String name, Kind kind, @Nullable String defaultValue, String help) {

    public enum Kind {
        TEXT,
        /** A decimal integer of at least zero. */
        COUNT,
        SWITCH,
        PATH
    }

    public OptionSpec {
        if (!name.matches("[a-z][a-z0-9-]*")) {
            throw new IllegalArgumentException("option name must match [a-z][a-z0-9-]*: " + name);
        }
    }
}
