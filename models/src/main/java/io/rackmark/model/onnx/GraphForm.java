package io.rackmark.model.onnx;

import io.rackmark.engine.Precision;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which operators a graph is made of. All forms of one precision share their weights. */
public enum GraphForm {
    /**
     * ONNX Runtime's own operators ({@code com.microsoft}): fused attention that writes into the
     * buffers of keys and values it reads. Quantised products take their activations as 8-bit
     * integers.
     */
    CONTRIB,
    /** The same with quantised products computed on 32-bit activations. */
    CONTRIB_EXACT,
    /** Operators of the ONNX standard, opset 21. */
    PORTABLE_21,
    /** Operators of the ONNX standard, opset 23, which has attention as one operator. */
    PORTABLE_23;

    private static final String ENDING = ".onnx";

    /** Lower-case name, as in plans: {@code portable-21}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The form of this label, if there is one. */
    public static Optional<GraphForm> of(String label) {
        return Arrays.stream(values()).filter(form -> form.label().equals(label)).findFirst();
    }

    /**
     * The forms written for a precision; {@link #CONTRIB} is the first.
     *
     * @throws ModelException when ONNX graphs have no such weights
     */
    public static List<GraphForm> of(Precision precision) {
        return switch (precision) {
            case F32 -> List.of(CONTRIB, PORTABLE_21, PORTABLE_23);
            case F16 -> List.of(CONTRIB);
            case INT8, INT4 -> List.of(CONTRIB, CONTRIB_EXACT);
            case BF16, Q8_0, Q4_0, Q4_K_M ->
                    throw new ModelException(
                            Kind.UNSUPPORTED,
                            "cannot write ONNX in precision %s; supported: f32, f16, int8, int4"
                                    .formatted(precision.label()));
        };
    }

    /** The graph of this form beside the one of {@link #CONTRIB}. */
    public Path beside(Path contrib) {
        return contrib.resolveSibling(named(contrib.getFileName().toString()));
    }

    /** The file name of this form, given that of {@link #CONTRIB}. */
    public String named(String contrib) {
        if (this == CONTRIB || !contrib.endsWith(ENDING)) {
            return contrib;
        }
        String stem = contrib.substring(0, contrib.length() - ENDING.length());
        return stem + "." + label() + ENDING;
    }
}
