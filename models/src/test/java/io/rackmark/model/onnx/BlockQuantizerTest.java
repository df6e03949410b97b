package io.rackmark.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockQuantizerTest {

    /** By the definition of MatMulNBits. */
    private static float[] unpack(byte[] packed, float[] scales, int bits, int columns) {
        float[] values = new float[columns];
        for (int i = 0; i < columns; i++) {
            int block = i / 32;
            int within = i % 32;
            int number =
                    bits == 8
                            ? packed[block * 32 + within] & 0xff
                            : (packed[block * 16 + within / 2] >> (4 * (within % 2))) & 0xf;
            values[i] = (number - (1 << (bits - 1))) * scales[block];
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"4, 64, 0.1251", "4, 50, 0.1251", "8, 64, 0.004", "8, 33, 0.004"})
    void valuesComeBackWithinHalfAStepOfTheirBlock(int bits, int columns, float bound) {
        BlockQuantizer quantizer = new BlockQuantizer(bits, columns);
        Random random = new Random(5);
        float[] row = new float[columns];
        byte[] packed = new byte[quantizer.blocks() * quantizer.blockBytes()];
        float[] scales = new float[quantizer.blocks() + 3];
        for (int repeat = 0; repeat < 200; repeat++) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float) random.nextGaussian();
            }
            quantizer.pack(row, packed, scales, 0);
            float[] found = unpack(packed, scales, bits, columns);
            for (int i = 0; i < columns; i++) {
                assertThat(Math.abs(found[i] - row[i]) / largest(row, i)).isLessThan(bound);
            }
        }
    }

    private static float largest(float[] row, int index) {
        float largest = 0;
        for (int i = index / 32 * 32; i < Math.min(row.length, index / 32 * 32 + 32); i++) {
            largest = Math.max(largest, Math.abs(row[i]));
        }
        return largest;
    }

    @ParameterizedTest
    @CsvSource({"4", "8"})
    void blocksOfZerosComeBackAsZeros(int bits) {
        BlockQuantizer quantizer = new BlockQuantizer(bits, 40);
        byte[] packed = new byte[quantizer.blocks() * quantizer.blockBytes()];
        float[] scales = new float[quantizer.blocks()];
        quantizer.pack(new float[40], packed, scales, 0);
        assertThat(largest(unpack(packed, scales, bits, 40), 0)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"4", "8"})
    void fillingOfTheLastBlockIsZero(int bits) {
        BlockQuantizer quantizer = new BlockQuantizer(bits, 33);
        byte[] packed = new byte[quantizer.blocks() * quantizer.blockBytes()];
        float[] scales = new float[quantizer.blocks()];
        float[] row = new float[33];
        java.util.Arrays.fill(row, 1);
        quantizer.pack(row, packed, scales, 0);
        float[] found = unpack(packed, scales, bits, 64);
        java.util.Arrays.fill(found, 0, 33, 0);
        assertThat(largest(found, 32)).isZero();
    }
}
