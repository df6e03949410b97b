package io.rackmark.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Precision of the weights. The label is the lower-case name, as in plans and tables. */
public enum Precision {
    F32,
    F16,
    BF16,
    /** GGUF: 8-bit blocks of 32 with one scale. */
    Q8_0,
    /** GGUF: 4-bit blocks of 32 with one scale. */
    Q4_0,
    /** GGUF: a mix of Q4_K and Q6_K super-blocks, llama.cpp's usual choice. */
    Q4_K_M,
    /** ONNX MatMulNBits: 8-bit blocks of 32 with one scale. */
    INT8,
    /** ONNX MatMulNBits: 4-bit blocks of 32 with one scale. */
    INT4;

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
