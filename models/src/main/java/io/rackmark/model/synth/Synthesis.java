package io.rackmark.model.synth;

import io.rackmark.model.safetensors.SafetensorsDtype;
import java.util.OptionalInt;

/**
 * What to write.
 *
 * @param shape name in {@link Shapes}
 * @param seed the same seed gives the same bytes
 * @param dtype BF16 or F32; the values are the same
 * @param layers transformer blocks instead of the shape's own number
 */
public record Synthesis(String shape, long seed, SafetensorsDtype dtype, OptionalInt layers) {
    private static final int MAX_LAYERS = 512;

    public Synthesis {
        if (dtype != SafetensorsDtype.BF16 && dtype != SafetensorsDtype.F32) {
            throw new IllegalArgumentException("dtype " + dtype + "; known: bf16, f32");
        }
        if (layers.isPresent() && (layers.getAsInt() < 1 || layers.getAsInt() > MAX_LAYERS)) {
            throw new IllegalArgumentException(
                    "%d layers; allowed are 1 to %d".formatted(layers.getAsInt(), MAX_LAYERS));
        }
    }
}
