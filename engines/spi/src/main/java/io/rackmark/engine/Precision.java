package io.rackmark.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Precision of the weights. The label is the lower-case name, as in plans and tables. */
public enum Precision {
    F32,
    F16,
    BF16,
    Q8_0,
    Q4_0;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The precision with this label.
     *
     * @throws IllegalArgumentException naming the known labels
     */
    public static Precision of(String label) {
        for (Precision precision : values()) {
            if (precision.label().equals(label)) {
                return precision;
            }
        }
        throw new IllegalArgumentException(
                "unknown precision '%s'; known: %s"
                        .formatted(
                                label,
                                Arrays.stream(values())
                                        .map(Precision::label)
                                        .collect(Collectors.joining(", "))));
    }
}
