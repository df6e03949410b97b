package io.rackmark.engine.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.model.gguf.GgufFile;
import io.rackmark.model.gguf.GgufTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quantised files against llama.cpp's own quantisation and against the logits of f32. */
class QuantisationTest {
    @TempDir private Path temporary;

    private final NativeSymbols symbols =
            NativeSymbols.open(LibraryFiles.locate(Optional.empty()).path());

    @ParameterizedTest
    @CsvSource({
        "Q4_K_M, wide, blk.0.attn_q.weight, Q4_K",
        "Q4_K_M, wide, blk.0.ffn_down.weight, Q6_K",
        "Q4_K_M, wide, token_embd.weight, Q6_K",
        "Q4_K_M, qwen2, blk.0.attn_q.weight, Q5_0",
        "Q4_K_M, qwen2, blk.1.attn_v.weight, Q8_0",
        "Q4_0, wide, blk.0.attn_q.weight, Q4_0"
    })
    void blocksAreThoseOfLlamaCpp(Precision precision, String model, String name, String type)
            throws IOException {
        try (GgufFile exact = GgufFile.open(Fixtures.gguf(model, Precision.F32, temporary));
                GgufFile file = GgufFile.open(Fixtures.gguf(model, precision, temporary));
                Arena arena = Arena.ofConfined()) {
            GgufTensor tensor = file.tensor(name);
            assertThat(tensor.type().name()).isEqualTo(type);
            byte[] ours = tensor.data().toArray(JAVA_BYTE);
            byte[] theirs = quantised(exact.tensor(name), type, ours.length, arena);
            // The library may contract a product and a sum into one rounding; a near tie between
            // two scales then falls the other way now and then.
            assertThat(differing(ours, theirs)).isLessThan(ours.length / 50);
            float[] decoded = new float[(int) tensor.elements()];
            tensor.read(0, decoded.length, decoded);
            assertThat(
                            Fixtures.relativeRms(
                                    decoded, dequantised(ours, type, decoded.length, arena)))
                    .isLessThan(1e-6);
        }
    }

    private static int differing(byte[] ours, byte[] theirs) {
        int count = 0;
        for (int i = 0; i < ours.length; i++) {
            count += ours[i] == theirs[i] ? 0 : 1;
        }
        return count;
    }

    /** {@code quantize_row_<type>_ref(const float *, void *, int64_t)}. */
    private byte[] quantised(GgufTensor exact, String type, int bytes, Arena arena) {
        int elements = (int) exact.elements();
        float[] values = new float[elements];
        exact.read(0, elements, values);
        MemorySegment target = arena.allocate(bytes, 64);
        symbols.function("quantize_row_" + suffix(type) + "_ref", ROW)
                .run(arena.allocateFrom(JAVA_FLOAT, values), target, (long) elements);
        return target.toArray(JAVA_BYTE);
    }

    private float[] dequantised(byte[] block, String type, int elements, Arena arena) {
        MemorySegment target = arena.allocate(JAVA_FLOAT, elements);
        symbols.function("dequantize_row_" + suffix(type), ROW)
                .run(arena.allocateFrom(JAVA_BYTE, block), target, (long) elements);
        return target.toArray(JAVA_FLOAT);
    }

    private static final FunctionDescriptor ROW =
            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG);

    /** {@code q4_K}: the K stays large. */
    private static String suffix(String type) {
        return type.toLowerCase(Locale.ROOT).replace("_k", "_K");
    }

    @Test
    void fewerBitsMoveTheLogitsByLittle() throws IOException {
        double half = error(Precision.F16);
        double eight = error(Precision.Q8_0);
        double mixed = error(Precision.Q4_K_M);
        double four = error(Precision.Q4_0);
        assertThat(half).isLessThan(5e-3);
        assertThat(eight).isBetween(half, 0.05);
        assertThat(mixed).isBetween(eight, 0.25);
        assertThat(four).isGreaterThan(mixed);
    }

    /** Over all positions of the fixture whose rows fill super-blocks. */
    private double error(Precision precision) throws IOException {
        Fixtures.Expected expected = Fixtures.expected("wide");
        double sum = 0;
        Path gguf = Fixtures.gguf("wide", precision, temporary);
        try (TokenModel model = Models.SHIPPED.open(gguf, 64, 1, Map.of("kv-type", "f32"))) {
            for (int i = 0; i < expected.ids().length; i++) {
                float[] logits =
                        model.prefill(0, new int[] {expected.ids()[i]}, true, Models.NEVER);
                sum += Math.pow(Fixtures.relativeRms(logits, expected.logits()[i]), 2);
            }
        }
        return Math.sqrt(sum / expected.ids().length);
    }
}
