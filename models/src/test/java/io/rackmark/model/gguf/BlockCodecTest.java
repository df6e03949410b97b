package io.rackmark.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockCodecTest {
    private static byte[] encode(BlockCodec codec, float[] values, int bytes) {
        ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        codec.encode(values, 0, out);
        assertThat(out.remaining()).isZero();
        return out.array();
    }

    @Test
    void q8ScalesByTheLargestMagnitudeAndRoundsHalvesAwayFromZero() {
        float[] values = new float[32];
        values[0] = 127;
        values[1] = -127;
        values[2] = 0.5f;
        values[3] = -0.5f;
        values[4] = 2.5f;
        values[5] = 0.49999997f;
        byte[] block = encode(BlockCodec.Q8_0, values, 34);
        // The scale is 1, which is 0x3c00 in half precision, low byte first.
        assertThat(block).startsWith(0x00, 0x3c, 127, -127, 1, -1, 3, 0, 0).endsWith(0, 0, 0);
    }

    @Test
    void q4MapsTheLargestMagnitudeToMinusEightWhateverItsSign() {
        float[] values = new float[32];
        values[0] = -8;
        values[1] = 7;
        values[2] = 8;
        values[3] = 0.5f;
        values[16] = -0.5f;
        values[17] = 3;
        byte[] block = encode(BlockCodec.Q4_0, values, 18);
        // Scale 1. Quants: -8 -> 0, 7 -> 15, 8 -> 16 held at 15, 0.5 -> 9, 0 -> 8, -0.5 -> 8, 3 ->
        // 11.
        assertThat(block).startsWith(0x00, 0x3c, 0x80, 0xbf, 0x8f, 0x89, 0x88).endsWith(0x88);
        values[0] = 8;
        values[1] = -7;
        block = encode(BlockCodec.Q4_0, values, 18);
        // Scale -1 (0xbc00): 8 -> 0, -7 -> 15; 3 in the high half -> -3 + 8 = 5.
        assertThat(block).startsWith(0x00, 0xbc, 0x90, 0x5f);
    }

    @ParameterizedTest
    @EnumSource(
            value = BlockCodec.class,
            names = {"Q8_0", "Q4_0"})
    void aBlockOfZerosStaysZero(BlockCodec codec) {
        int bytes = codec == BlockCodec.Q8_0 ? 34 : 18;
        float[] back = new float[32];
        java.util.Arrays.fill(back, 1);
        codec.decode(MemorySegment.ofArray(encode(codec, new float[32], bytes)), 0, back, 0);
        for (float value : back) {
            assertThat(value).isCloseTo(0, within(0f));
        }
    }

    @Test
    void bfloat16RoundsHalvesToEvenAndKeepsNaN() {
        assertThat(encode(BlockCodec.BF16, new float[] {0x1.01p0f}, 2)).containsExactly(0x80, 0x3f);
        assertThat(encode(BlockCodec.BF16, new float[] {0x1.03p0f}, 2)).containsExactly(0x82, 0x3f);
        float[] back = new float[1];
        float nan = Float.intBitsToFloat(0x7f800001);
        byte[] bytes = encode(BlockCodec.BF16, new float[] {nan}, 2);
        BlockCodec.BF16.decode(MemorySegment.ofArray(bytes), 0, back, 0);
        assertThat(back[0]).isNaN();
    }

    @Test
    void dequantisedValuesStayWithinTheStepOfTheirBlock() {
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            float[] values = new float[32];
            float largest = 0;
            for (int i = 0; i < 32; i++) {
                values[i] = (float) random.nextGaussian();
                largest = Math.max(largest, Math.abs(values[i]));
            }
            // Half a step, plus the rounding of the scale to half precision (2^-11 relative).
            checkError(BlockCodec.Q8_0, values, 34, largest / 127 / 2 + largest / 2048);
            // A whole step at the end that 4 bits do not reach, half elsewhere.
            checkError(BlockCodec.Q4_0, values, 18, largest / 8 + largest / 2048);
        }
    }

    private static void checkError(BlockCodec codec, float[] values, int bytes, float bound) {
        float[] back = new float[32];
        codec.decode(MemorySegment.ofArray(encode(codec, values, bytes)), 0, back, 0);
        for (int i = 0; i < 32; i++) {
            assertThat(back[i]).isCloseTo(values[i], within(bound));
        }
    }
}
