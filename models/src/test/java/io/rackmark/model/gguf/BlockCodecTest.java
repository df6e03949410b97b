package io.rackmark.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
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

    private static byte[] encode(BlockCodec codec, float[] values) {
        return encode(codec, values, GgmlType.valueOf(codec.name()).blockBytes());
    }

    private static float[] back(BlockCodec codec, float[] values) {
        float[] back = new float[values.length];
        Arrays.fill(back, 1);
        codec.decode(MemorySegment.ofArray(encode(codec, values)), 0, back, 0);
        return back;
    }

    @ParameterizedTest
    @EnumSource(
            value = BlockCodec.class,
            names = {"Q8_0", "Q4_0", "Q5_0", "Q4_K", "Q6_K"})
    void aBlockOfZerosStaysZero(BlockCodec codec) {
        float[] back = back(codec, new float[GgmlType.valueOf(codec.name()).blockElements()]);
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

    @Test
    void q5KeepsTheFifthBitsApart() {
        float[] values = new float[32];
        values[0] = -16;
        values[1] = 15;
        values[31] = 1;
        byte[] block = encode(BlockCodec.Q5_0, values);
        // Scale 1. Quants: -16 -> 0, 15 -> 31, 0 -> 16, 1 -> 17; fifth bits all but that of 0.
        assertThat(block).startsWith(0x00, 0x3c, 0xfe, 0xff, 0xff, 0xff, 0x00, 0x0f).endsWith(0x10);
        assertThat(back(BlockCodec.Q5_0, values)).isEqualTo(values);
    }

    @Test
    void superBlocksKeepWhatTheirGridsHold() {
        // 16 evenly spaced values from -7 to 8 in each run: the grid of one scale and one minimum.
        float[] line = new float[256];
        // 64 evenly spaced values: the grid of 6 bits; the largest magnitude is -32 in each run.
        float[] fine = new float[256];
        for (int i = 0; i < 256; i++) {
            line[i] = i % 16 - 7;
            fine[i] = i % 16 == 0 ? -32 : (i * 7 + i / 16) % 64 - 32;
        }
        float[] lineBack = back(BlockCodec.Q4_K, line);
        float[] fineBack = back(BlockCodec.Q6_K, fine);
        for (int i = 0; i < 256; i++) {
            // The scales are rounded to half precision.
            assertThat(lineBack[i]).isCloseTo(line[i], within(0.01f));
            assertThat(fineBack[i]).isCloseTo(fine[i], within(0.02f));
        }
    }

    @Test
    void moreBitsGiveLessError() {
        Random random = new Random(5);
        float[] values = new float[256];
        for (int i = 0; i < 256; i++) {
            values[i] = (float) random.nextGaussian() * (1 + i / 64);
        }
        double six = error(BlockCodec.Q6_K, values);
        double four = error(BlockCodec.Q4_K, values);
        assertThat(six).isBetween(0.001, 0.025);
        assertThat(four).isBetween(2 * six, 0.09);
    }

    private static double error(BlockCodec codec, float[] values) {
        float[] back = back(codec, values);
        double difference = 0;
        double square = 0;
        for (int i = 0; i < values.length; i++) {
            difference += Math.pow((double) back[i] - values[i], 2);
            square += (double) values[i] * values[i];
        }
        return Math.sqrt(difference / square);
    }

    private static void checkError(BlockCodec codec, float[] values, int bytes, float bound) {
        float[] back = new float[32];
        codec.decode(MemorySegment.ofArray(encode(codec, values, bytes)), 0, back, 0);
        for (int i = 0; i < 32; i++) {
            assertThat(back[i]).isCloseTo(values[i], within(bound));
        }
    }
}
